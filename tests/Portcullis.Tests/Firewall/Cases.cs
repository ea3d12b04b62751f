using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.Tests.Firewall;

/// <summary>Asks both evaluators for one packet.</summary>
internal static class Cases
{
    internal static readonly Packet Web = new(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("10.0.0.1"), 6, 40000, 80);
    internal static readonly Packet Web6 = new(IpAddress.Parse("2001:db8::1"), IpAddress.Parse("fd00::1"), 6, 40000, 80);

    internal static readonly VerdictStep Accept = Fields.Accept;
    internal static readonly VerdictStep Drop = Fields.Drop;

    internal static Arrival ArrivalOf(Packet packet, params string[] own)
    {
        bool isV4 = packet.Source.Version == IpVersion.V4;
        ImmutableArray<IpAddress> addresses = own.Length > 0 ? [.. own.Select(IpAddress.Parse)] : [packet.Destination];
        NetworkInterface eth = new() { Index = 2, Name = "eth0", Addresses = addresses };
        NetworkInterface docker = new() { Index = 3, Name = "docker0", Addresses = [IpAddress.Parse(isV4 ? "172.17.0.1" : "fd17::1")] };
        return new Arrival
        {
            Version = packet.Source.Version,
            Protocol = packet.Protocol,
            Interface = eth,
            Interfaces = [eth, docker],
            Routes = [new NetworkRoute(IpAddress.Parse(isV4 ? "0.0.0.0" : "::"), 0, 2), new NetworkRoute(IpAddress.Parse(isV4 ? "172.17.0.0" : "fd17::"), isV4 ? 16 : 64, 3)],
        };
    }

    /// <summary>Expects a verdict of what is said of all packets, and that the walk is among its outcomes.</summary>
    internal static ReachRegion Expect(ReachVerdict verdict, Packet packet, Ruleset ruleset, Arrival? arrival = null)
    {
        arrival ??= ArrivalOf(packet);
        Reach reach = Reach.Of(ruleset, arrival);
        string? wrong = Oracle.Disagreement(reach, ruleset, arrival, packet, isExact: false);
        Assert.True(wrong is null, wrong);
        ReachRegion region = reach.At(packet.Source, packet.Destination, packet.SourcePort, packet.Port);
        Assert.Equal(verdict, region.Verdict);
        return region;
    }

    internal static WalkResult Walk(Packet packet, Ruleset ruleset, bool chance = false) =>
        PacketWalk.Of(ruleset, ArrivalOf(packet), packet.Headers, (_, _) => chance);

    /// <summary>A table with one chain at the hook input that drops what no rule lets in.</summary>
    internal static FirewallTable Input(params FirewallRule[] rules) => Fields.Table(TableFamily.Inet, "filter", Fields.Base("input", HookPoint.Input, 0, true, rules));
}
