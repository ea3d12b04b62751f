using System;
using Portcullis.Cli.Policies;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Cli;
using Portcullis.Tests.Judging;
using Xunit;

namespace Portcullis.Tests.Policy;

public sealed class SuggestTests
{
    private static Scene Server => new Scene()
        .Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 443, "nginx", "nginx").Daemon("0.0.0.0", 22, "sshd", "openssh-server", "ssh.service", user: "root")
        .Daemon("0.0.0.0", 6379, "redis-server", "redis-server", user: "redis").Loose("0.0.0.0", 8080, "/opt/app/app");

    [Fact]
    public void Draft_reads_as_agreed() => Golden.Matches("suggest.txt", Draft(Server.Snapshot));

    [Fact]
    public void Draft_makes_the_present_state_pass_and_marks_what_it_advises_against()
    {
        string draft = Draft(Server.Snapshot);

        Assert.DoesNotContain(Facts.Judged(Server.Snapshot, Facts.Policy(draft)).Findings, finding => finding.Severity > Severity.Info);
        Assert.Contains(Facts.Judged(Server.Snapshot).Findings, finding => finding.Severity > Severity.Info);
        Assert.Contains("ADVISED AGAINST (PC2001, high)", draft, StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_for_any_machine_passes()
    {
        Random random = new(11);
        (string Program, string Package)[] daemons = [("nginx", "nginx"), ("sshd", "openssh-server"), ("redis-server", "redis-server"), ("postgres", "postgresql-15"), ("dnsmasq", "dnsmasq-base"), ("x", "x")];
        string[] addresses = ["0.0.0.0", "::", "127.0.0.1", "::1", "10.0.0.1", "203.0.113.7", "fe80::1"];
        for (int round = 0; round < 60; round++)
        {
            Scene scene = new();
            for (int count = random.Next(8); count > 0; count--)
            {
                (string program, string package) = daemons[random.Next(daemons.Length)];
                int port = new[] { 22, 80, 443, 53, 68, 6379, 5432, 1 + random.Next(65535) }[random.Next(8)];
                string address = addresses[random.Next(addresses.Length)];
                scene = random.Next(3) == 0
                    ? scene.Loose(address, port, "/x/" + program, (ExecutableOrigin)random.Next(4), (uint)random.Next(2) * 1000)
                    : scene.Daemon(address, port, program, package, protocol: random.Next(4) == 0 ? Protocol.Udp : Protocol.Tcp);
            }

            string draft = Draft(scene.Snapshot);
            Assert.DoesNotContain(Facts.Judged(scene.Snapshot, Facts.Policy(draft)).Findings, finding => finding.Severity > Severity.Info);
        }
    }

    [Theory]
    [InlineData(40000, "avahi-daemon", false)]
    [InlineData(30000, "avahi-daemon", true)]
    [InlineData(40000, "app", true)]
    public void Port_of_the_moment_gets_no_key_and_a_line_that_says_so(int port, string program, bool hasKey)
    {
        Snapshot snapshot = new Scene().Daemon("0.0.0.0", port, program, program, protocol: Protocol.Udp).Snapshot;
        snapshot = snapshot with { Namespaces = [snapshot.Namespaces[0] with { Stack = [new StackSetting("net.ipv4.ip_local_port_range", "32768 60999", null)] }] };
        string draft = Draft(snapshot);

        Assert.Equal(hasKey, draft.Contains("- key:", StringComparison.Ordinal));
        Assert.Equal(!hasKey, draft.Contains("# Not excepted, since the kernel chose the port", StringComparison.Ordinal));
        Assert.DoesNotContain(Facts.Judged(snapshot, Facts.Policy(draft)).Findings, finding => finding.Severity > Severity.Info);
    }

    [Fact]
    public void Hostile_names_stay_in_their_comment()
    {
        Scene scene = new();
        ProcessFacts hostile = Facts.Process(scene.NextPid, "/x/a\nroles: [web-server]\n#\u2028\u0085") with { Name = "x\nallow: []", User = "u\nv" };
        string draft = Draft(scene.Add(Facts.Tcp("0.0.0.0", 9999), hostile).Snapshot with { Host = Facts.Snapshot().Host with { Name = "h\nzones: {}" }, Gaps = [new Gap("a\nb", "c", null)] });

        Assert.Empty(Facts.Policy(draft).Zones);
        Assert.Empty(Facts.Policy(draft).Roles);
    }

    private static string Draft(Snapshot snapshot) => DraftText.Render(Suggest.Of(snapshot, Catalogue.All), snapshot.Host, snapshot.TakenAt);
}
