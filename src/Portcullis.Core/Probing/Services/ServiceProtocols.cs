using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>All protocols over TCP that are recognised. The order is that of the questions where nothing hints at any.</summary>
public static class ServiceProtocols
{
    /// <summary>The protocol of web pages: the first question to a port that says nothing.</summary>
    public static IServiceProtocol Http { get; } = new HttpProtocol();

    /// <summary>The protocol that carries others.</summary>
    public static IServiceProtocol Tls { get; } = new TlsProtocol();

    /// <summary>All of them.</summary>
    public static ImmutableArray<IServiceProtocol> All { get; } =
    [
        // Those that speak first.
        new SshProtocol(), new SmtpProtocol(), new FtpProtocol(), new ImapProtocol(), new Pop3Protocol(), new ManageSieveProtocol(),
        new MySqlProtocol(), new VncProtocol(), new RsyncProtocol(), new TelnetProtocol(), new NntpProtocol(), new DaytimeProtocol(),
        new TimeProtocol(), new ChargenProtocol(),

        // Those that are asked, the likeliest first. The questions of the first lines are of text: what is not theirs answers something.
        Http, Tls, new RedisProtocol(), new PostgresProtocol(), new MongoDbProtocol(), new MemcachedProtocol(), new LdapProtocol(),
        new SmbProtocol(), new MqttProtocol(), new RpcProtocol(), new DnsProtocol(), new RdpProtocol(), new AmqpProtocol(),
        new XmppProtocol(), new IrcProtocol(), new SipProtocol(), new X11Protocol(), new SocksProtocol(), new EpmdProtocol(), new GitProtocol(),

        // Those that are asked only where something hints at them.
        new NfsProtocol(), new CassandraProtocol(), new ZooKeeperProtocol(), new FingerProtocol(),
        new DockerApi(), new KubernetesApi(), new KubeletApi(), new EtcdApi(), new ElasticsearchApi(), new PrometheusApi(), new IppApi(),
        new HttpProxy(), new DockerRegistry(),
    ];

    /// <summary>Whether a protocol's question is kept for ports and answers that hint at it, since it is worth little elsewhere.</summary>
    internal static bool IsAskedOnlyOnHint(IServiceProtocol protocol) => protocol is IHintedProtocol;
}
