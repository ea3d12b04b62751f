using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>
/// Who gets to the listeners of the host through its firewall, and to those of other namespaces that the host passes packets on to.
/// </summary>
internal sealed class HostFirewall
{
    private readonly NamespaceFirewall? _firewall;
    private readonly ImmutableArray<ZoneSources> _zones;
    private readonly ZoneSources? _everybody;
    private readonly Dictionary<ExposedPlace.Key, ExposedPlace> _places = [];
    private Protection? _protection;

    private readonly ImmutableArray<NetworkNamespace> _namespaces;
    private readonly Dictionary<string, GuestFirewall?> _guests = new(StringComparer.Ordinal);

    private HostFirewall(ImmutableArray<NetworkNamespace> namespaces, NamespaceFirewall? firewall, ImmutableArray<ZoneSources> zones, ImmutableArray<Gap> gaps)
    {
        _namespaces = namespaces;
        _firewall = firewall;
        _zones = zones;
        _everybody = zones.FirstOrDefault(zone => zone.Name == Zone.Internet)?.WithoutExceptions();
        Gaps = gaps;
    }

    /// <summary>What of the firewall was not seen, beyond what the snapshot says.</summary>
    internal ImmutableArray<Gap> Gaps { get; }

    /// <summary>The rules; null where they were not read.</summary>
    internal Ruleset? Ruleset => _firewall?.Ruleset;

    /// <summary>Whether the rules keep anything from the host.</summary>
    internal Protection Protection => _protection ??= ProtectionOf(_firewall);

    /// <summary>Whether the rules would keep anything from the host without those of some writers; null where that could not be worked out.</summary>
    internal bool? KeepsOutWithout(IReadOnlyCollection<string> writers)
    {
        HashSet<FirewallChain> gone = new(ReferenceEqualityComparer.Instance);
        foreach (FirewallTable table in Ruleset?.Tables ?? [])
        {
            gone.UnionWith(table.Chains.Where(chain => chain.Hook is not null && writers.Contains(RuleWriters.Of(new RulePlace(table, chain, null)).Name)));
        }

        return ProtectionOf(_firewall?.Without(gone.Contains)).KeepsOut;
    }

    /// <summary>The ports of the host that rules let in by their numbers.</summary>
    internal IEnumerable<OpenedPort> Opened() => _firewall is null || _everybody is null ? [] : OpenedPorts.Of(_firewall, _everybody);

    private Protection ProtectionOf(NamespaceFirewall? firewall) => firewall is null || _everybody is null ? new Protection(null, [])
        : Protection.Of(firewall, _everybody, isWhole: Gaps.IsEmpty);

    /// <summary>Reads it from a snapshot.</summary>
    internal static HostFirewall Of(Snapshot snapshot, HostPolicy? policy)
    {
        HostRules rules = HostRules.Of(snapshot);
        bool isKnown = rules is { Network.Interfaces.IsEmpty: false, Ruleset: not null };
        return new HostFirewall(snapshot.Namespaces, isKnown ? new NamespaceFirewall(rules.Network!, rules.Ruleset!) : null, rules.Network is null ? [] : ZoneSources.Of(policy, rules.Network), rules.Gaps);
    }

    /// <summary>Who reaches a listener, a zone each; empty for one that no firewall stands before.</summary>
    internal ImmutableArray<Exposure> ExposureOf(Listener listener) => GroupPrograms.Behind(listener, ByRules(listener));

    private ImmutableArray<Exposure> ByRules(Listener listener)
    {
        if (listener.Namespace != NetworkNamespace.HostName)
        {
            return ExposureOfGuest(listener);
        }

        // Of a raw socket the port is the protocol.
        if (_firewall is null || listener.Protocol is Protocol.Raw or Protocol.Packet)
        {
            return Exposures.Of(listener, _firewall, _zones);
        }

        ExposedPlace.Key key = new(listener.Protocol, listener.Family, listener.Address, listener.Interface, listener.Scope);
        if (!_places.TryGetValue(key, out ExposedPlace? place))
        {
            _places[key] = place = new ExposedPlace(_zones.SelectMany(zone => Exposures.WaysTo(listener, _firewall, zone, null).Concat(Exposures.GroupWaysTo(listener, _firewall, zone, null))));
        }

        return place.Of(listener, one => Exposures.Of(one, _firewall, _zones));
    }

    private ImmutableArray<Exposure> ExposureOfGuest(Listener listener)
    {
        if (!_guests.TryGetValue(listener.Namespace, out GuestFirewall? guest))
        {
            _guests[listener.Namespace] = guest = _firewall is null ? null : GuestFirewall.Of(_namespaces.FirstOrDefault(one => one.Name == listener.Namespace), _firewall);
        }

        return guest?.ExposureOf(listener, _zones)
            ?? (Exposures.ProtocolOf(listener) is null ? [] : [.. _zones.Select(zone => new Exposure(zone.Name, ReachVerdict.Unknown, null, null, ["rules that were not read"]))]);
    }

    /// <summary>How the zone "internet" fares that asks for a listener over one IP version; null where that cannot be said.</summary>
    internal Exposure? FromInternet(Listener listener, IpVersion version) => _firewall is null ? null
        : GroupPrograms.Behind(listener, Exposures.Of(listener, _firewall, [_zones.First(zone => zone.Name == Zone.Internet)], version)).FirstOrDefault();

    /// <summary>How packets from one address to one port of another fare; null where the rules were not read, or are too complex.</summary>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <param name="entrance">By which interface; null where that is not known.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="port">The destination port, 0 to 65,535.</param>
    internal IReadOnlyCollection<ReachRegion>? RegionsOf(IpAddress source, IpAddress destination, string? entrance, Protocol protocol, int port) =>
        _firewall?.RegionsOf(source, destination, entrance, protocol == Protocol.Udp ? (byte)17 : (byte)6, port);

    /// <summary>A packet for each way in which those of each zone to a listener of the host fare; none where the rules were not read.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="senders">From where packets may be taken; those that nobody could send so are left out.</param>
    /// <param name="most">The most packets of a zone: of more, those that stand for most sources, first one for each verdict.</param>
    /// <param name="left">For how many ways there is none because of that.</param>
    /// <param name="hasOthers">Whether packets were left out because of their senders.</param>
    internal ImmutableArray<(string Zone, Witness Packet)> PacketsTo(Listener listener, ImmutableArray<AddressBox> senders, int most, out int left, out bool hasOthers)
    {
        left = 0;
        hasOthers = false;
        if (_firewall is null || listener.Namespace != NetworkNamespace.HostName || Exposures.ProtocolOf(listener) is not byte protocol)
        {
            return [];
        }

        List<(string Zone, Witness Packet)> packets = [];

        foreach (ZoneSources zone in _zones.Where(static zone => !zone.IsHost))
        {
            List<Fate> fates = [];
            foreach (EntranceView way in Exposures.WaysTo(listener, _firewall, zone, null))
            {
                foreach (ReachRegion region in way.View?.Regions(listener.Port) ?? [])
                {
                    AddressBox[] sources = [.. senders.Select(region.Sources.And).OfType<AddressBox>()];
                    hasOthers |= sources.Length == 0;
                    fates.AddRange(sources.Select(source => new Fate(way.Entrance, region with { Sources = source })));
                }
            }

            // Wide ones first, and of these each verdict's before the others.
            Fate[][] ways =
            [
                .. fates.GroupBy(static fate => (fate.Entrance.Name, fate.Region.Sources.Version, fate.Region.Verdict, fate.Region.By?.ToString(), fate.Region.To))
                    .Select(static alike => alike.OrderByDescending(Width).ToArray()).OrderByDescending(static alike => Width(alike[0]))
                    .GroupBy(static alike => alike[0].Region.Verdict).SelectMany(static same => same.Select(static (alike, place) => (Alike: alike, Place: place)))
                    .OrderBy(static one => one.Place).Select(static one => one.Alike),
            ];
            packets.AddRange(ways.Take(most).Select(alike => (zone.Name, Witness.Of(_firewall.Ruleset, _firewall.Network, [.. alike], listener.Protocol, protocol, listener.Port))));
            left += Math.Max(0, ways.Length - most);
        }

        return [.. packets];
    }

    private static ulong Width(Fate fate) => fate.Region.Sources.LastLow - fate.Region.Sources.FirstLow;

    /// <summary>The ports at which strangers get past rules that would keep them out, because their packets are translated before those are asked.</summary>
    internal IEnumerable<PassedPort> Passed() => _firewall is null ? [] : PassedPorts.Of(_firewall, _zones.First(zone => zone.Name == Zone.Internet));

    /// <summary>Whether anybody who is in none of the zones reaches a listener; null where that cannot be said.</summary>
    /// <param name="listener">A listener of the host.</param>
    /// <param name="allowed">The names of the zones that may reach it.</param>
    internal Exposure? Beyond(Listener listener, ImmutableArray<string> allowed)
    {
        if (_firewall is null || allowed.Contains(Zone.Internet, StringComparer.Ordinal))
        {
            return null;
        }

        // Each zone is within those around it: whoever may be reached from the private network may be from the link.
        ZoneSources[] named = [.. _zones.Where(zone => allowed.Contains(zone.Name, StringComparer.Ordinal) || (zone.Name == Zone.Link && allowed.Contains(Zone.Private, StringComparer.Ordinal)))];
        ZoneSources everybody = _zones.First(zone => zone.Name == Zone.Internet).WithoutExceptions();
        return GroupPrograms.Behind(listener, Exposures.Of(listener, _firewall, [everybody with { Except = [.. everybody.Except, .. named.SelectMany(zone => zone.Blocks ?? [])] }])).FirstOrDefault();
    }
}
