using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Answers who gets to a namespace through its firewall. What was worked out for one port serves the others too.</summary>
/// <param name="network">The namespace.</param>
/// <param name="ruleset">Its rules.</param>
/// <param name="ports">The destination ports that will be asked about; null for all.</param>
internal sealed class NamespaceFirewall(NetworkNamespace network, Ruleset ruleset, ImmutableArray<int>? ports = null)
{
    private readonly Dictionary<(IpVersion, byte, string, NetworkInterface?, bool), Reach?> _reaches = [];
    private readonly Dictionary<(IpVersion, byte, string, ZoneSources, string, NetworkInterface?), ReachView?> _views = [];
    private readonly Dictionary<WayIn, ImmutableArray<EntranceView>> _ways = [];

    private const string Groups = "groups"; // stands for the addresses of all groups

    /// <summary>The namespace.</summary>
    internal NetworkNamespace Network => network;

    /// <summary>Its rules.</summary>
    internal Ruleset Ruleset => ruleset;

    /// <summary>The interfaces by which packets of a zone may come.</summary>
    internal IEnumerable<NetworkInterface> EntrancesOf(ZoneSources zone) => network.Interfaces.Where(one => one.IsUp && one.IsLoopback == zone.IsHost);

    /// <summary>
    /// The addresses at which a namespace is asked by others, or where by itself, those of its loopback device. That device may have addresses for others too,
    /// such as those of load balancers and routers; 127.0.0.0/8 and ::1 never are (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
    /// </summary>
    internal static IEnumerable<IpAddress> AddressesOf(NetworkNamespace network, bool isAskedByItself) =>
        network.Interfaces.Where(one => one.IsUp && (one.IsLoopback || !isAskedByItself)).SelectMany(one => one.Addresses)
            .Where(address => isAskedByItself || AddressScope.Of(address, null) != Scope.Loopback);

    /// <summary>The same with some chains left out.</summary>
    internal NamespaceFirewall Without(Func<FirewallChain, bool> leftOut) => new(network, ruleset with
    {
        Tables = [.. ruleset.Tables.Select(table => table with { Chains = [.. table.Chains.Select(chain => leftOut(chain) ? chain with { Hook = null } : chain)] })],
    });

    /// <summary>How packets fare by each interface by which they may come; worked out once for all ports.</summary>
    /// <param name="way">Which packets.</param>
    /// <param name="destinations">Their destinations.</param>
    internal ImmutableArray<EntranceView> Ways(WayIn way, Func<WayIn, NetworkNamespace, ImmutableArray<IpBlock>> destinations)
    {
        if (!_ways.TryGetValue(way, out ImmutableArray<EntranceView> views))
        {
            ImmutableArray<IpBlock> to = destinations(way, network);
            _ways[way] = views = to.IsEmpty ? [] :
            [
                .. EntrancesOf(way.Zone).Where(one => way.Interface is null || way.Interface == one.Name)
                    .Select(one => new EntranceView(one, View(one, way.Version, way.Protocol, way.Zone, to, way.IsGroup ? Groups : way.Address?.ToString() ?? ""))),
            ];
        }

        return views;
    }

    /// <summary>How packets of a zone fare that are for an address of the interface by which they come, for each that has one; worked out once.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="version">The IP version.</param>
    /// <param name="protocol">The protocol.</param>
    internal IEnumerable<EntranceView> AtOwnAddresses(ZoneSources zone, IpVersion version, byte protocol)
    {
        foreach (NetworkInterface entrance in EntrancesOf(zone))
        {
            ImmutableArray<IpBlock> own = [.. entrance.Addresses.Where(address => address.Version == version).Select(address => new IpBlock(address, version == IpVersion.V4 ? 32 : 128))];
            if (!own.IsEmpty)
            {
                yield return new EntranceView(entrance, View(entrance, version, protocol, zone, own, "its own"));
            }
        }
    }

    /// <summary>How packets from a zone to some addresses fare; null where that is too complex to be worked out.</summary>
    /// <param name="entrance">The interface by which they come.</param>
    /// <param name="version">The IP version.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="destinations">The addresses, which <paramref name="key"/> stands for.</param>
    /// <param name="key">The same text for the same addresses.</param>
    /// <param name="onward">The interface by which they leave again, where they are for another host; else null.</param>
    internal ReachView? View(NetworkInterface entrance, IpVersion version, byte protocol, ZoneSources zone, ImmutableArray<IpBlock> destinations, string key, NetworkInterface? onward = null)
    {
        (IpVersion, byte, string, ZoneSources, string, NetworkInterface?) asked = (version, protocol, entrance.Name, zone, key, onward);
        if (!_views.TryGetValue(asked, out ReachView? view))
        {
            try
            {
                view = By(entrance, version, protocol, onward, key == Groups)?.View(new ReachQuestion { Destinations = destinations, Sources = zone.Blocks, Except = zone.Except, IsRouted = !zone.IsHost });
            }
            catch (TooComplexException)
            {
                view = null;
            }

            _views[asked] = view;
        }

        return view;
    }

    /// <summary>How packets from one address to one port of another fare; null where that is too complex to be worked out.</summary>
    internal IReadOnlyCollection<ReachRegion>? RegionsOf(IpAddress source, IpAddress destination, string? entrance, byte protocol, int port)
    {
        int length = source.Version == IpVersion.V4 ? 32 : 128;
        ReachQuestion question = new() { Sources = [new IpBlock(source, length)], Destinations = [new IpBlock(destination, length)], Ports = [(port, port)] };
        List<ReachRegion> regions = [];
        try
        {
            foreach (NetworkInterface one in network.Interfaces.Where(one => one.IsUp && (entrance is null ? !one.IsLoopback : one.Name == entrance)))
            {
                if (By(one, source.Version, protocol) is not Reach reach)
                {
                    return null;
                }

                regions.AddRange(reach.Regions(question));
            }
        }
        catch (TooComplexException)
        {
            return null;
        }

        return regions;
    }

    /// <summary>How packets fare that come by an interface; null where that is too complex to be worked out.</summary>
    internal Reach? By(NetworkInterface entrance, IpVersion version, byte protocol, NetworkInterface? onward = null, bool isToGroup = false)
    {
        if (!_reaches.TryGetValue((version, protocol, entrance.Name, onward, isToGroup), out Reach? reach))
        {
            try
            {
                reach = Reach.Of(ruleset, new Arrival
                {
                    Version = version,
                    Protocol = protocol,
                    Interface = entrance,
                    Onward = onward,
                    IsToGroup = isToGroup,
                    Ports = ports,
                    Interfaces = network.Interfaces,
                    Routes = network.Routes,
                    Programs = network.Programs,
                });
            }
            catch (TooComplexException)
            {
                reach = null;
            }

            _reaches[(version, protocol, entrance.Name, onward, isToGroup)] = reach;
        }

        return reach;
    }
}
