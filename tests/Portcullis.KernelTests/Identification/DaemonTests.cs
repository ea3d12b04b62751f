using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.KernelTests.Lab;
using Xunit;
using static Portcullis.Core.Model.AuthenticationDemand;

namespace Portcullis.KernelTests.Identification;

/// <summary>Real daemons of Debian 12, each on its usual port and on one where nobody expects it.</summary>
public sealed class DaemonTests(AnsweringBox boxes)
{
    // Written by hand from what each is configured to be (tests/lab/answering/start); versions are those that dpkg knows.
    private static readonly Expected[] s_daemons =
    [
        new(7, "echo", null, null, NotAsked),
        new(13, "daytime", null, null, NotAsked),
        new(19, "chargen", null, null, NotAsked),
        new(21, "ftp", "ProFTPD", null, Asked),
        new(22, "ssh", "OpenSSH", "openssh-server", Asked),
        new(23, "telnet", null, null, Unknown),
        new(25, "smtp", "Postfix", null, Unknown),
        new(37, "time", null, null, NotAsked),
        new(53, "domain", "BIND", "bind9", NotAsked),
        new(79, "finger", null, null, NotAsked),
        new(80, "http", "nginx", "nginx", Unknown),
        new(110, "pop3", "Dovecot", null, Asked),
        new(111, "sunrpc", null, null, NotAsked),
        new(139, "microsoft-ds", null, null, Unknown),
        new(143, "imap", "Dovecot", null, Asked),
        new(389, "ldap", "OpenLDAP", null, Unknown),
        new(443, "http over TLS", "nginx", "nginx", Unknown),
        new(445, "microsoft-ds", null, null, Unknown),
        new(631, "ipp", "CUPS", "cups-daemon", Unknown),
        new(873, "rsync", "rsync", null, Unknown),
        new(993, "imap over TLS", "Dovecot", null, Asked),
        new(995, "pop3 over TLS", "Dovecot", null, Asked),
        new(1080, "socks", null, null, NotAsked),
        new(1883, "mqtt", null, null, NotAsked),
        new(1884, "mqtt", null, null, Asked),
        new(2222, "ssh", "dropbear", "dropbear-bin", Asked),
        new(2379, "etcd", "etcd", "etcd-server", Unknown),
        new(3128, "http-proxy", "squid", "squid", Unknown),
        new(3306, "mysql", "MariaDB", "mariadb-server", Asked),
        new(3389, "ms-wbt-server", null, null, Asked),
        new(4190, "sieve", "Dovecot (Debian) Pigeonhole", null, Asked),
        new(4369, "epmd", "Erlang port mapper", null, NotAsked),
        new(5060, "sip", "kamailio", "kamailio", Unknown),
        new(5222, "xmpp", null, null, Asked),
        new(5354, "domain", "unbound", "unbound", NotAsked),
        new(5432, "postgresql", "PostgreSQL", null, Asked),
        new(5672, "amqp", "RabbitMQ", "rabbitmq-server", Asked),
        new(5901, "vnc", null, null, NotAsked),
        new(6005, "x11", null, null, NotAsked),
        new(6379, "redis", "Redis", "redis-server", NotAsked),
        new(6380, "redis", "Redis", null, Asked),
        new(6381, "redis", "Redis", null, Asked),
        new(6390, "redis over TLS", "Redis", "redis-server", NotAsked),
        new(6391, "imap over TLS", "Dovecot", null, Asked),
        new(6667, "irc", null, null, Unknown),
        new(8080, "http", "Apache", "apache2", Unknown),
        new(8082, "http", "lighttpd", "lighttpd", Unknown),
        new(8089, "http", "nginx", "nginx", Asked),
        new(8888, "http-proxy", "tinyproxy", "tinyproxy", NotAsked),
        new(9090, "prometheus", "Prometheus", "prometheus", NotAsked),
        new(9418, "git", null, null, NotAsked),
        new(11211, "memcached", "memcached", "memcached", NotAsked),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(30000)]
    public async Task Daemons_are_told_by_what_they_answer_on_usual_and_on_odd_ports(int further)
    {
        Box box = await boxes.Get();
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyDictionary<string, DialogueResult> answers = await Asking.Ports(box.Client, s_daemons.Select(daemon => Place(daemon, further)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Count} ports in {watch.Elapsed.TotalSeconds:0.0} s");
        List<string> wrong = [];
        foreach (Expected daemon in s_daemons)
        {
            DialogueResult result = answers[Place(daemon, further)];
            TestContext.Current.TestOutputHelper?.WriteLine($"{daemon.Port + further}: {result.Connections} connections: {result.Sentence} [{result.Seen}]");
            string? version = daemon.Package is null ? null : await Version(box, daemon.Package);
            IdentifiedService? seen = result.Service;
            if (seen is null || seen.FullName != daemon.Name || seen.Product != daemon.Product || seen.Authentication != daemon.Authentication || (version is not null && (seen.Version is not { Length: > 2 } said || !version.StartsWith(said, StringComparison.Ordinal))))
            {
                wrong.Add($"{daemon} {version}: {result.Sentence} [{result.Seen}] {seen?.Authentication}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Datagrams_are_answered_and_told()
    {
        Box box = await boxes.Get();
        Dictionary<int, (string Name, string? Product)> expected = new()
        {
            [7] = ("echo", null),
            [13] = ("daytime", null),
            [19] = ("chargen", null),
            [37] = ("time", null),
            [53] = ("domain", "BIND"),
            [69] = ("tftp", null),
            [111] = ("sunrpc", null),
            [123] = ("ntp", null),
            [137] = ("netbios-ns", null),
            [161] = ("snmp", "Net-SNMP"),
            [1194] = ("openvpn", "OpenVPN"),
            [5060] = ("sip", "kamailio"),
            [5353] = ("mdns", null),
            [5354] = ("domain", "unbound"),
        };
        IReadOnlyDictionary<string, DialogueResult> answers = await Asking.Ports(box.Client, expected.Keys.Select(static port => $"{Box.Address4}:{port}/udp"));
        Assert.Equal(
            expected.Select(static one => $"{one.Key} {one.Value.Name} {one.Value.Product}"),
            expected.Keys.Select(port => (port, answers[$"{Box.Address4}:{port}/udp"])).Select(static one => $"{one.port} {one.Item2.Service?.Name ?? one.Item2.Sentence + one.Item2.Seen} {one.Item2.Service?.Product}"));
    }

    [Fact]
    public async Task Nothing_changes_in_a_service_that_is_asked()
    {
        Box box = await boxes.Get();
        (await box.Run("redis-cli", "set", "kept", "value")).MustSucceed();
        (await box.Run("redis-cli", "config", "resetstat")).MustSucceed();
        string[] places = [$"{Box.Address4}:6379/tcp", $"{Box.Address4}:36379/tcp", $"{Box.Address4}:41211/tcp", $"{Box.Address4}:34306/tcp"];
        await Asking.Ports(box.Client, places);
        string commands = (await box.Run("redis-cli", "info", "commandstats")).MustSucceed();
        // What it was asked by name: the questions of others are none of its commands. "config" and "info" are the test's own.
        Assert.Equal(
            ["config|resetstat", "get", "info", "ping"],
            commands.Split('\n').Where(static line => line.StartsWith("cmdstat_", StringComparison.Ordinal)).Select(static line => line[8..line.IndexOf(':', StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.Contains("cmdstat_get:calls=0", commands, StringComparison.Ordinal);
        Assert.Equal("1", (await box.Run("redis-cli", "dbsize")).MustSucceed().Trim());
    }

    private static string Place(Expected daemon, int further) => string.Create(CultureInfo.InvariantCulture, $"{Box.Address4}:{daemon.Port + further}/tcp");

    /// <summary>As dpkg knows it, without epoch: what a daemon says is the beginning of that.</summary>
    private static async Task<string> Version(Box box, string package)
    {
        string installed = (await box.Run("dpkg-query", "-W", "-f=${Version}", package)).MustSucceed();
        return installed[(installed.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
