using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Tests.Firewall;
using Xunit;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>Nothing is sure of packets that a BPF program sees, and all stays sure of those that it does not.</summary>
public sealed class PacketProgramTests
{
    [Theory]
    [InlineData(80, "conditional the BPF program p of the control group x (bpftool cgroup show /g/x)")]
    [InlineData(443, "reachable ")] // made in another group
    [InlineData(25, "blocked ")] // what the rules keep out the program never sees
    public void Program_of_a_control_group_makes_its_listeners_unsure(int port, string expected)
    {
        PacketProgram program = new() { Hook = ProgramHook.Cgroup, Id = 3, Name = "p", ControlGroup = "/g/x", Sees = [5] };
        SocketFacts socket = Facts.Tcp("0.0.0.0", port, 10) with { CgroupId = port == 443 ? 6UL : 5UL };
        Assert.Equal(expected, Internet(FirewallFacts.Guarded(Facts.Snapshot(socket)) with { GroupPrograms = [program] }));
    }

    [Fact]
    public void Program_of_a_control_group_never_sees_what_a_tunnel_takes()
    {
        PacketProgram program = new() { Hook = ProgramHook.Cgroup, Id = 3, ControlGroup = "/g/x", Sees = [5] };
        Snapshot snapshot = Facts.Snapshot(Facts.Socket(Core.Model.Protocol.Udp, "0.0.0.0", 4789) with { CgroupId = 5 }) with { GroupPrograms = [program] };
        Assert.NotEmpty(Facts.Listeners(snapshot).Single().Programs);
        NetworkInterface tunnel = new() { Index = 9, Name = "vx0", Kind = "vxlan", TunnelPort = 4789 };
        snapshot = snapshot with { Namespaces = [snapshot.Namespaces[0] with { Interfaces = [.. snapshot.Namespaces[0].Interfaces, tunnel] }] };
        Assert.Empty(Facts.Listeners(snapshot).Single().Programs);
    }

    [Theory]
    [InlineData(ProgramHook.SkLookup, "conditional the BPF program 3 that chooses sockets (sk_lookup; bpftool prog show id 3)")]
    [InlineData(ProgramHook.Tcx, "blocked ")]
    public void Loopback_is_no_shelter_where_a_program_chooses_sockets(ProgramHook hook, string expected)
    {
        Snapshot snapshot = FirewallFacts.Guarded(Facts.Snapshot(Facts.Tcp("127.0.0.1", 80, 10)));
        PacketProgram program = new() { Hook = hook, Id = 3, Interface = hook == ProgramHook.Tcx ? snapshot.Namespaces[0].Interfaces[0].Index : null };
        Assert.Equal("blocked ", Internet(snapshot));
        Assert.Equal(expected, Internet(snapshot with { Namespaces = [snapshot.Namespaces[0] with { Programs = [program] }] }));
    }

    [Theory]
    [InlineData(ProgramHook.Tcx, 2, null, null, "the BPF program p of traffic control on eth0 (bpftool net show dev eth0)")]
    [InlineData(ProgramHook.Tcx, 3, null, null, null)]
    [InlineData(ProgramHook.Netkit, 2, null, null, "the BPF program p at the other end of eth0 (bpftool net show dev eth0)")]
    [InlineData(ProgramHook.Netfilter, null, IpVersion.V4, HookPoint.Input, "the BPF program p at netfilter's hook ipv4 input of some network namespace (bpftool prog show id 3)")]
    [InlineData(ProgramHook.Netfilter, null, IpVersion.V6, HookPoint.Input, null)]
    [InlineData(ProgramHook.Netfilter, null, IpVersion.V4, HookPoint.Output, null)]
    [InlineData(ProgramHook.Netfilter, null, null, null, "the BPF program p at netfilter's hook unknown of some network namespace (bpftool prog show id 3)")]
    [InlineData(ProgramHook.SkLookup, null, null, null, "the BPF program p that chooses sockets (sk_lookup; bpftool prog show id 3)")]
    [InlineData(ProgramHook.Cgroup, null, null, null, null)]
    public void Program_concerns_the_packets_that_pass_it(ProgramHook hook, int? device, IpVersion? version, HookPoint? point, string? expected)
    {
        PacketProgram program = new() { Hook = hook, Id = 3, Name = "p", Interface = device, Version = version, Point = point };
        Arrival arrival = Cases.ArrivalOf(Cases.Web) with { Programs = [program] };
        ReachRegion region = Reach.Of(Fields.Rules(Cases.Input(Fields.Rule(Fields.Accept))), arrival).At(Cases.Web.Source, Cases.Web.Destination, 40000, 80);
        Assert.Equal(expected is null ? ReachVerdict.Reachable : ReachVerdict.Conditional, region.Verdict);
        Assert.Equal(expected is null ? [] : [expected], region.DependsOn);
    }

    private static string Internet(Snapshot snapshot)
    {
        Exposure exposure = Facts.Judged(snapshot).Listeners.Single().Exposure.Single(one => one.Zone == Zone.Internet);
        return $"{exposure.Verdict.ToString().ToLowerInvariant()} {string.Join("; ", exposure.DependsOn)}";
    }
}
