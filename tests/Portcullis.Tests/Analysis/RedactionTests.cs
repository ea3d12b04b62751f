using System.Linq;
using System.Text;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Text.Snapshots;
using Xunit;
using static Portcullis.Tests.Analysis.Facts;

namespace Portcullis.Tests.Analysis;

public sealed class RedactionTests
{
    private static readonly Snapshot Telling = Snapshot(Tcp("203.0.113.7", 443, 10), Tcp("192.168.77.5", 22, 11), Tcp("127.0.0.1", 25, 11)) with
    {
        Host = new HostFacts { Name = "secrethost", Os = "Debian", Kernel = "6.1" },
        Namespaces = [Network(Host, "host") with { Stack = [new StackSetting("net.ipv4.conf.secretif.rp_filter", "1", "/etc/sysctl.d/secret.conf:1")] }, Network(2, "secretspace")],
        Stopped = [Unit("secretstopped.service")],
        Processes =
        [
            Process(10, "/opt/secretapp/bin", "secretunit.service") with { CommandLine = ["x", "--password=secretword"], User = "secretuser" },
            Process(11, "/usr/sbin/sshd", "ssh.service", Package("openssh-server")),
        ],
        Units = [Unit("secretunit.service") with { Description = "secretwords" }, Unit("ssh.service", Package("openssh-server"))],
        Containers = [new ContainerFacts { Engine = "docker", Id = new string('a', 64), Name = "secretbox" }],
    };

    [Fact]
    public void Names_and_addresses_are_gone_and_what_packages_brought_stays()
    {
        string text = Encoding.UTF8.GetString(SnapshotJson.Write(Redaction.Of(Telling)));

        Assert.DoesNotContain("secret", text, System.StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("203.0.113.7", text, System.StringComparison.Ordinal);
        Assert.DoesNotContain("192.168.77.5", text, System.StringComparison.Ordinal);
        Assert.DoesNotContain(new string('a', 64), text, System.StringComparison.Ordinal);
        Assert.Contains("ssh.service", text, System.StringComparison.Ordinal);
        Assert.Contains("/usr/sbin/sshd", text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_the_firewall_are_left_out_and_that_is_said()
    {
        Snapshot told = Telling with { Namespaces = [Telling.Namespaces[0] with { Rules = new RulesetDump { Messages = new byte[] { 1 } } }] };

        Assert.Null(Redaction.Of(told).Namespaces[0].Rules);
        Assert.Contains(Redaction.Of(told).Gaps, gap => gap.What == "firewall rules");
        Assert.DoesNotContain(Redaction.Of(Telling with { Namespaces = [Telling.Namespaces[0] with { Rules = null }] }).Gaps, gap => gap.What == "firewall rules");
    }

    [Fact]
    public void Programs_keep_their_place_and_lose_names_that_somebody_gave_them()
    {
        PacketProgram Made(string name) => new() { Hook = ProgramHook.Cgroup, Id = 1, Name = name, ControlGroup = "/sys/fs/cgroup/system.slice/" + Telling.Units[0].Name };
        Snapshot hidden = Redaction.Of(Telling with { Units = [Telling.Units[0] with { Package = null }], GroupPrograms = [Made("sd_fw_ingress"), Made("acme_guard")], Namespaces = [Telling.Namespaces[0] with { Programs = [Made("acme_guard")] }] });
        Assert.Equal(["sd_fw_ingress", "program-1"], hidden.GroupPrograms!.Value.Select(one => one.Name));
        Assert.Equal("program-1", hidden.Namespaces[0].Programs[0].Name);
        Assert.Equal("/sys/fs/cgroup/system.slice/unit-1.service", hidden.GroupPrograms.Value[0].ControlGroup);
    }

    [Fact]
    public void Who_asked_from_elsewhere_is_hidden_and_what_was_found_is_not()
    {
        OutsideView view = new() { From = "admin@web2", Address = IpAddress.Parse("203.0.113.7"), Source = IpAddress.Parse("198.51.100.9"), Destination = IpAddress.Parse("203.0.113.7"), Interface = "acme0", Ports = [new SeenPorts(Protocol.Tcp, 22, 22, PortState.Open, true)] };
        OutsideView hidden = Redaction.Of(Telling with { Outside = [view, view with { From = "twin:internet", IsTwin = true }] }).Outside[0];

        Assert.Equal(("peer-1", "if-", true), (hidden.From, hidden.Interface![..3], hidden.Ports.SequenceEqual(view.Ports)));
        Assert.DoesNotContain(hidden.Address, (IpAddress[])[view.Address, view.Source.Value]);
        Assert.Equal(hidden.Address, hidden.Destination);
        Assert.NotEqual(view.Source, hidden.Source);
        Assert.Equal("twin:internet", Redaction.Of(Telling with { Outside = [view with { From = "twin:internet", IsTwin = true }] }).Outside[0].From);
    }

    [Fact]
    public void Scopes_units_and_holders_are_still_told_apart()
    {
        var before = Listeners(Telling);
        var after = Listeners(Redaction.Of(Telling));

        Assert.Equal(before.Length, after.Length);
        Assert.Contains(after, one => one is { Port: 443, Scope: Scope.Address, Unit.Name: "unit-1.service" });
        Assert.Contains(after, one => one is { Port: 22, Scope: Scope.Private, Unit.Name: "ssh.service" });
        Assert.Contains(after, one => one is { Port: 25, Scope: Scope.Loopback });
    }
}
