using System.Collections.Generic;
using System.Text;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Tests.Probing;

/// <summary>Answers as daemons give them, and what each has to be told as. Those marked by hand were put together from the specification.</summary>
internal static class RecordedAnswers
{
    /// <summary>A protocol, whether it asked, the answer to its first question (or the greeting), product and version.</summary>
    internal sealed record Answer(IServiceProtocol Protocol, bool IsAsked, byte[] Bytes, string? Product, string? Version);

    internal static IReadOnlyList<Answer> Final { get; } =
    [
        new(new SshProtocol(), false, Text("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"), "OpenSSH", "9.2p1"),
        new(new SshProtocol(), false, Text("SSH-2.0-dropbear_2022.83\r\n"), "dropbear", "2022.83"),
        new(new ImapProtocol(), false, Text("* OK [CAPABILITY IMAP4rev1] Dovecot (Debian) ready.\r\n"), "Dovecot", null),
        new(new ManageSieveProtocol(), false, Text("\"IMPLEMENTATION\" \"Dovecot (Debian) Pigeonhole\"\r\n"), "Dovecot (Debian) Pigeonhole", null),
        new(new MySqlProtocol(), false, [0x30, 0, 0, 0, 10, .. Text("5.5.5-10.11.19-MariaDB-0+deb12u1"), 0, .. new byte[14]], "MariaDB", "10.11.19"),
        new(new MySqlProtocol(), false, [0x18, 0, 0, 0, 10, .. Text("8.4.3"), 0, .. new byte[17]], "MySQL", "8.4.3"),
        new(new TelnetProtocol(), false, [0xff, 0xfd, 0x18], null, null),
        new(new RedisProtocol(), true, Text("-NOAUTH Authentication required.\r\n"), "Redis", null),
        new(new RedisProtocol(), false, Text("-DENIED Redis is running in protected mode\r\n"), "Redis", null),
        new(new MemcachedProtocol(), true, Text("VERSION 1.6.18\r\n"), "memcached", "1.6.18"),
        new(new HttpProtocol(), true, Text("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 2\r\n\r\nok"), "nginx", "1.22.1"),
        new(new HttpProtocol(), true, Text("HTTP/1.1 200 OK\r\nServer: Apache/2.4.71 (Debian)\r\nContent-Length: 0\r\n\r\n"), "Apache", "2.4.71"),
        new(new DockerApi(), true, Text("HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n{\"Version\":\"20.10.24+dfsg1\",\"ApiVersion\":\"1.41\"    }"), "Docker", "20.10.24+dfsg1"),
        new(new KubernetesApi(), true, Text("HTTP/1.1 200 OK\r\nContent-Length: 46\r\n\r\n{\n  \"major\": \"1\",\n  \"gitVersion\": \"v1.31.2\"\n}\r\n"), "Kubernetes", "1.31.2"),
        new(new KubeletApi(), true, Text("HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\n\r\nUnauthorized"), "Kubernetes kubelet", null),
        new(new EtcdApi(), true, Text("HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n{\"etcdserver\":\"3.4.23\",\"etcdcluster\":\"3.4.0\"}"), "etcd", "3.4.23"),
        new(new ElasticsearchApi(), true, Text("HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n{\"version\":{\"number\":\"8.15.0\"},\"tagline\":\"You Know, for Search\"}  "), "Elasticsearch", "8.15.0"),
        new(new HttpProxy(), true, Text("HTTP/1.1 400 Bad Request\r\nServer: squid/5.7\r\nContent-Length: 0\r\n\r\n"), "squid", "5.7"),
        new(new IppApi(), true, Text("HTTP/1.1 404 Not Found\r\nServer: CUPS/2.4 IPP/2.1\r\nContent-Length: 0\r\n\r\n"), "CUPS", "2.4"),
        new(new PostgresProtocol(), true, [(byte)'R', 0, 0, 0, 23, 0, 0, 0, 10, .. Text("SCRAM-SHA-256"), 0, 0], "PostgreSQL", null),
        new(new PostgresProtocol(), true, [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0], "PostgreSQL", null),
        new(new PostgresProtocol(), true, [(byte)'E', 0, 0, 0, 36, .. Text("SFATAL\0C28000\0Mno pg_hba.conf en\0\0")], "PostgreSQL", null),
        new(new MqttProtocol(), true, [0x20, 2, 0, 0], null, null),
        new(new AmqpProtocol(), true, Amqp(), "RabbitMQ", "3.10.8"),
        new(new SmbProtocol(), true, [0, 0, 0, 72, 0xfe, .. Text("SMB"), .. new byte[60], 65, 0, 1, 0, 2, 3, 0, 0], null, null),
        new(new RdpProtocol(), true, [3, 0, 0, 19, 14, 0xd0, 0, 0, 0, 0, 0, 2, 0, 8, 0, 1, 0, 0, 0], null, null),
        new(new RpcProtocol(), true, [0x80, 0, 0, 24, 0x50, 0x6f, 0x72, 0x74, 0, 0, 0, 1, .. new byte[16]], null, null),
        new(new NfsProtocol(), true, [0x80, 0, 0, 24, 0x50, 0x6f, 0x72, 0x74, 0, 0, 0, 1, .. new byte[16]], null, null),
        new(new DnsProtocol(), true, [0, (byte)Dns().Length, .. Dns()], "dnsmasq", "2.90"),
        new(new SocksProtocol(), true, [5, 0], null, null),
        new(new X11Protocol(), true, [0, 5, 11, 0, 0, 0, 2, 0, .. Text("No pr")], null, null),
        new(new GitProtocol(), true, Text("003aERR access denied or repository not exported: /asks"), null, null),
        new(new SipProtocol(), true, Text("SIP/2.0 200 OK\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\nContent-Length: 0\r\n\r\n"), "kamailio", "5.6.3"),
        new(new LdapProtocol(), true, [0x30, 12, 2, 1, 1, 0x65, 7, 10, 1, 0, 4, 0, 4, 0], null, null),
        new(new IrcProtocol(), true, Text(":irc.example.net 451 * :Connection not registered\r\n"), null, null),
        new(new ZooKeeperProtocol(), true, Text("Zookeeper version: 3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on 2022-02-25\n"), "ZooKeeper", "3.8.0"),
        new(new CassandraProtocol(), true, [0x84, 0, 0, 0, 6, 0, 0, 0, 15, 0, 1, 0, 11, .. Text("CQL_VERSION")], "Cassandra", null),
        new(new TlsProtocol(), true, Tls(), null, null),
        new(new TlsProtocol(), true, [21, 3, 1, 0, 2, 2, 70], null, null),
    ];

    /// <summary>The beginning of a dialogue: what is said next is not empty.</summary>
    internal static IReadOnlyList<Answer> First { get; } =
    [
        new(new SmtpProtocol(), false, Text("220 box ESMTP Postfix (Debian/GNU)\r\n"), "Postfix", null),
        new(new SmtpProtocol(), false, Text("220 box ESMTP Exim 4.96 Sat, 21 Nov 2026\r\n"), "Exim", "4.96"),
        new(new FtpProtocol(), false, Text("220 (vsFTPd 3.0.3)\r\n"), "vsFTPd", "3.0.3"),
        new(new Pop3Protocol(), false, Text("+OK Dovecot (Debian) ready.\r\n"), "Dovecot", null),
        new(new VncProtocol(), false, Text("RFB 003.008\n"), null, null),
        new(new RsyncProtocol(), false, Text("@RSYNCD: 32.0 sha512 sha256\n"), "rsync", null),
        new(new NntpProtocol(), false, Text("200 news.example.test InterNetNews NNRP server ready\r\n"), null, null),
        new(new RedisProtocol(), true, Text("+PONG\r\n"), null, null),
        new(new MongoDbProtocol(), true, Mongo(), "MongoDB", null),
    ];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Amqp()
    {
        byte[] body = [0, 10, 0, 10, 0, 9, 0, 0, 0, 38, 7, .. Text("product"), (byte)'S', 0, 0, 0, 8, .. Text("RabbitMQ"), 7, .. Text("version"), (byte)'S', 0, 0, 0, 6, .. Text("3.10.8")];
        return [1, 0, 0, 0, 0, 0, (byte)body.Length, .. body, 0xce];
    }

    internal static byte[] Dns()
    {
        byte[] name = [7, .. Text("version"), 4, .. Text("bind"), 0];
        return [0x50, 0x6f, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, .. name, 0, 16, 0, 3, 0xc0, 12, 0, 16, 0, 3, 0, 0, 0, 0, 0, 13, 12, .. Text("dnsmasq-2.90")];
    }

    private static byte[] Tls()
    {
        byte[] hello = [2, 0, 0, 46, 3, 3, .. new byte[32], 0, 0x13, 2, 0, 0, 6, 0, 43, 0, 2, 3, 4];
        return [22, 3, 3, 0, (byte)hello.Length, .. hello];
    }

    private static byte[] Mongo()
    {
        byte[] document = [0, 0, 0, 0, 0x10, .. Text("maxWireVersion"), 0, 21, 0, 0, 0, 0];
        document[0] = (byte)document.Length;
        return [(byte)(21 + document.Length), 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0, .. document];
    }
}
