using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>One packet of a region, and its walk through the rules.</summary>
/// <param name="Protocol">Its protocol.</param>
/// <param name="Source">Its source.</param>
/// <param name="SourcePort">Its source port.</param>
/// <param name="Destination">Its destination.</param>
/// <param name="Port">Its destination port.</param>
/// <param name="Interface">The interface by which it comes.</param>
/// <param name="Verdict">What was worked out for it.</param>
/// <param name="Walk">What it meets, one chance of those that it may have: where something depends on more than the packet, each time it holds.</param>
public sealed record Witness(Protocol Protocol, IpAddress Source, int SourcePort, IpAddress Destination, int Port, string Interface, ReachVerdict Verdict, WalkResult Walk)
{
    // A port of the moment, as clients have (RFC 6335, section 6).
    private const int UsualSourcePort = 50_000;

    // Blocks for documentation (RFC 5737; RFC 3849), of which everybody knows that they stand for anybody; then the internet's largest users.
    private static readonly IpAddress[] Anybody = [IpAddress.Parse("198.51.100.1"), IpAddress.Parse("203.0.113.1"), IpAddress.Parse("2001:db8::1"), IpAddress.Parse("192.168.0.1"), IpAddress.Parse("10.0.0.1")];

    /// <summary>A usual packet of regions that fare alike by one interface: from somebody whom everybody knows, to that interface's own address.</summary>
    internal static Witness Of(Ruleset ruleset, NetworkNamespace network, IReadOnlyList<Fate> alike, Protocol protocol, byte number, int? port)
    {
        Fate fate = alike.MinBy(one => (Rank(Anybody, one.Region.Sources), Rank(one.Entrance.Addresses, one.Region.Destinations)))!;
        ReachRegion region = fate.Region;
        IpAddress source = First(Anybody, region.Sources, network);
        IpAddress destination = First(fate.Entrance.Addresses, region.Destinations, null);
        int sourcePort = region.SourcePorts.First <= UsualSourcePort && UsualSourcePort <= region.SourcePorts.Last ? UsualSourcePort : region.SourcePorts.First;
        int to = port ?? region.Ports.First;
        Arrival arrival = new() { Version = source.Version, Protocol = number, Interface = fate.Entrance, Interfaces = network.Interfaces, Routes = network.Routes };
        FirstPacket packet = FirstPacket.Of(source, destination, number, sourcePort, to);
        return new Witness(protocol, source, sourcePort, destination, to, fate.Entrance.Name, region.Verdict, PacketWalk.Of(ruleset, arrival, packet, static (_, _) => true));
    }

    /// <summary>How early in a list an address stands that is in a box.</summary>
    private static int Rank(IReadOnlyList<IpAddress> wanted, AddressBox box)
    {
        int at = 0;
        while (at < wanted.Count && !IsIn(wanted[at], box))
        {
            at++;
        }

        return at;
    }

    /// <summary>
    /// The first of a list that is in a box, else the box's own first address that is not the name of a whole network, nor this host's:
    /// packets that claim to come from itself are none that anybody sends.
    /// </summary>
    private static IpAddress First(IReadOnlyList<IpAddress> wanted, AddressBox box, NetworkNamespace? host)
    {
        int rank = Rank(wanted, box);
        if (rank < wanted.Count)
        {
            return wanted[rank];
        }

        ulong low = box.FirstLow == box.LastLow ? box.FirstLow : box.FirstLow | 1;
        while (low < box.LastLow && host?.Interfaces.Any(one => one.Addresses.Contains(At(box, low))) == true)
        {
            low++;
        }

        return At(box, low);
    }

    private static IpAddress At(AddressBox box, ulong low) => box.Version == IpVersion.V4 ? IpAddress.FromV4((uint)low) : IpAddress.FromV6(box.FirstHigh, low);

    private static bool IsIn(IpAddress address, AddressBox box) => address.Version == box.Version && (address.Version == IpVersion.V4
        ? box.FirstLow <= address.Low && address.Low <= box.LastLow
        : box.FirstHigh <= address.High && address.High <= box.LastHigh && box.FirstLow <= address.Low && address.Low <= box.LastLow);
}
