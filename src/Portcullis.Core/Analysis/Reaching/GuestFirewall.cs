using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>
/// Who gets to the listeners of a network namespace beside the host's: by the host, which passes packets on to it, perhaps from a port of its
/// own; from its neighbours on the host's bridge; or straight, where its interface is on the wire itself. Then its own rules decide.
/// </summary>
internal sealed class GuestFirewall
{
    // The other end of a pair (veth(4)) is somebody's who passes packets on; these are on the wire of the interface below them (ip-link(8)).
    private const string Pair = "veth";
    private const int MostPorts = 4;
    private static readonly string[] OnTheWire = ["macvlan", "ipvlan", "vlan"];

    private readonly NetworkNamespace _guest;
    private readonly NamespaceFirewall _own;
    private readonly NamespaceFirewall _host;

    private GuestFirewall(NetworkNamespace guest, NamespaceFirewall own, NamespaceFirewall host)
    {
        _guest = guest;
        _own = own;
        _host = host;
    }

    /// <summary>Makes it; null where nothing can be said, since the namespace was not looked into, or its rules were not.</summary>
    internal static GuestFirewall? Of(NetworkNamespace? guest, NamespaceFirewall host) =>
        guest is { Inspected: true } && HostRules.RulesetOf(guest) is { Unread.IsEmpty: true } own ? new GuestFirewall(guest, new NamespaceFirewall(guest, own), host) : null;

    /// <summary>Who reaches a listener there, a zone of the host's each.</summary>
    internal ImmutableArray<Exposure> ExposureOf(Listener listener, ImmutableArray<ZoneSources> zones) =>
        Exposures.ProtocolOf(listener) is not byte protocol ? [] : [.. zones.Select(zone => Of(listener, protocol, zone))];

    private Exposure Of(Listener listener, byte protocol, ZoneSources zone)
    {
        if (listener.Scope == Scope.Loopback)
        {
            return Exposures.OutOfReach(zone, _own);
        }

        List<Fate> fates = [];
        List<Fate> published = [];
        SortedSet<string> unknown = new(StringComparer.Ordinal);
        foreach (NetworkInterface inner in _guest.Interfaces.Where(one => one.IsUp && !one.IsLoopback && (listener.Interface is null || listener.Interface == one.Name)))
        {
            foreach (IpAddress address in inner.Addresses.Where(one => Takes(listener, one) && (zone.Name == Zone.Link || AddressScope.Of(one, null) != Scope.Link)))
            {
                Way way = new(listener, protocol, zone, inner, address);
                if (zone.IsHost)
                {
                    unknown.Add("what this host sends to others, which is not worked out yet");
                }
                else if (inner.Kind == Pair && OnwardTo(address) is NetworkInterface onward)
                {
                    fates.AddRange(ByHost(way, onward, unknown));
                    published.AddRange(Published(way, unknown));
                }
                else if (OnTheWire.Contains(inner.Kind, StringComparer.Ordinal))
                {
                    fates.AddRange(Inside(way, zone.Blocks, zone.Except, unknown));
                }
                else
                {
                    unknown.Add($"who sends to {inner.Name} of the network namespace {_guest.Name}");
                }
            }
        }

        if (fates.Count == 0 && unknown.Count > 0)
        {
            return new Exposure(zone.Name, zone.IsHost ? ReachVerdict.Conditional : ReachVerdict.Unknown, null, null, [.. unknown]);
        }

        Exposure known = Better(Straight(zone, fates), zone, published);
        return unknown.Count == 0 || known.Verdict == ReachVerdict.Reachable ? known
            : known with { Verdict = ReachVerdict.Conditional, Part = null, DependsOn = [.. known.DependsOn, .. unknown] };
    }

    /// <summary>
    /// The way by the guest's own addresses. No router of the internet's has a route to a private address, but a neighbour may have one to this
    /// host (RFC 1918, 3).
    /// </summary>
    private Exposure Straight(ZoneSources zone, List<Fate> fates)
    {
        Exposure known = Summary.Of(zone.Name, fates);
        string[] near = [.. fates.Where(fate => fate.Region.Verdict == known.Verdict).Select(fate => fate.Region.Destinations.First).Where(address => AddressScope.Of(address, null) == Scope.Private).Select(address => address.ToString()).Distinct(StringComparer.Ordinal)];
        bool isPrivate = zone.Name == Zone.Internet && near.Length > 0 && known.Verdict != ReachVerdict.Blocked;
        return isPrivate ? known with { Part = $"{(known.Part is null ? "" : known.Part + ", ")}where routers send {string.Join(" and ", near)} to {(_guest.Interfaces.Any(one => one.Kind == Pair) ? "this host" : _guest.Name)}" } : known;
    }

    /// <summary>The wider of two ways in: by the guest's own addresses, and by ports of the host.</summary>
    private static Exposure Better(Exposure straight, ZoneSources zone, List<Fate> published)
    {
        if (published.Count == 0 || Summary.Of(zone.Name, published) is not { } passedOn || passedOn.Verdict <= straight.Verdict)
        {
            return straight;
        }

        string ports = string.Join(", ", published.Select(fate => fate.Region.Ports.First).Distinct().Order().Take(MostPorts));
        return passedOn with { Part = $"{(passedOn.Part is null ? "" : passedOn.Part + ", ")}by port {ports} of this host" };
    }

    /// <summary>What is asked about: packets of a zone to one address of the guest's.</summary>
    private sealed record Way(Listener Listener, byte Protocol, ZoneSources Zone, NetworkInterface Inner, IpAddress Address)
    {
        internal IpVersion Version => Address.Version;

        internal int? Port => Exposures.HasPorts(Protocol) ? Listener.Port : null;

        internal ImmutableArray<IpBlock> Block => [new IpBlock(Address, Address.Version == IpVersion.V4 ? 32 : 128)];
    }

    private static bool Takes(Listener listener, IpAddress address) =>
        listener.Address is { IsAny: false } one ? one.Unmapped() == address
        : listener.Family switch { AddressFamily.Ipv4 => address.Version == IpVersion.V4, AddressFamily.Ipv6 => address.Version == IpVersion.V6, _ => true };

    /// <summary>The interface of the host behind which an address is; null where none but its default route leads there.</summary>
    private NetworkInterface? OnwardTo(IpAddress address) =>
        (_host.Network.Routes ?? []).Any(route => route.Length > 0 && address.IsIn(route.Prefix, route.Length))
            ? RouteLookup.LeavingFor(address, _host.Network.Routes ?? [], _host.Network.Interfaces)
            : null;

    private IEnumerable<Fate> ByHost(Way way, NetworkInterface onward, SortedSet<string> unknown)
    {
        List<Fate> own = [.. Inside(way, way.Zone.Blocks, way.Zone.Except, unknown)];
        foreach (NetworkInterface entrance in _host.EntrancesOf(way.Zone))
        {
            if (entrance == onward)
            {
                foreach (Fate fate in Neighbours(way, onward, unknown))
                {
                    yield return fate with { Entrance = entrance };
                }

                continue;
            }

            foreach (ReachRegion region in Straight(way, entrance, onward, unknown))
            {
                yield return new Fate(entrance, Then(region, own));
            }
        }
    }

    /// <summary>Packets that were sent to the host and translated.</summary>
    private IEnumerable<Fate> Published(Way way, SortedSet<string> unknown)
    {
        List<Fate> own = [.. Inside(way, way.Zone.Blocks, way.Zone.Except, unknown)];
        return _host.AtOwnAddresses(way.Zone, way.Version, way.Protocol)
            .SelectMany(entrance => RegionsOf(entrance.View, null, unknown).Where(region => LeadsTo(way, region)).Select(region => new Fate(entrance.Entrance, Then(region, own))));
    }

    /// <summary>Packets that were sent to the guest's own address.</summary>
    private List<ReachRegion> Straight(Way way, NetworkInterface entrance, NetworkInterface onward, SortedSet<string> unknown) =>
        RegionsOf(_host.View(entrance, way.Version, way.Protocol, way.Zone, way.Block, way.Address.ToString(), onward), way.Port, unknown);

    private static bool LeadsTo(Way way, ReachRegion region)
    {
        string plain = way.Address.ToString();
        string ported = way.Version == IpVersion.V6 ? $"[{plain}]:{way.Listener.Port}" : $"{plain}:{way.Listener.Port}";
        return region.To is string to && to.Split(" or ").Any(one =>
            one == ported || (one == plain && (way.Port is not int port || (region.Ports.First <= port && port <= region.Ports.Last))));
    }

    /// <summary>Packets from the same network, which a bridge hands on without asking the rules, unless br_netfilter makes it.</summary>
    private IEnumerable<Fate> Neighbours(Way way, NetworkInterface onward, SortedSet<string> unknown)
    {
        ImmutableArray<IpBlock> near =
        [
            .. (_host.Network.Routes ?? []).Where(route => route.Interface == onward.Index && route.Length > 0 && way.Address.IsIn(route.Prefix, route.Length)).Select(route => new IpBlock(route.Prefix, route.Length)),
        ];
        bool isOfZone = near.Any(block => (way.Zone.Blocks is not { } blocks || blocks.Any(one => block.Prefix.IsIn(one.Prefix, one.Length))) && !way.Zone.Except.Any(one => block.Prefix.IsIn(one.Prefix, one.Length)));
        return isOfZone ? Inside(way, near, way.Zone.Except, unknown) : [];
    }

    /// <summary>How packets fare by the guest's own rules.</summary>
    private IEnumerable<Fate> Inside(Way way, ImmutableArray<IpBlock>? sources, ImmutableArray<IpBlock> except, SortedSet<string> unknown)
    {
        ZoneSources asked = sources == way.Zone.Blocks ? way.Zone : new ZoneSources(way.Zone.Name, sources, except);
        return RegionsOf(_own.View(way.Inner, way.Version, way.Protocol, asked, way.Block, way.Address.ToString()), way.Port, unknown).Select(region => new Fate(way.Inner, region));
    }

    private static List<ReachRegion> RegionsOf(ReachView? view, int? port, SortedSet<string> unknown)
    {
        if (view is null)
        {
            unknown.Add("rules that are too complex to be worked out");
        }

        return view?.Regions(port).ToList() ?? [];
    }

    /// <summary>What becomes of packets that the host passes on, once the guest's rules have been asked.</summary>
    private ReachRegion Then(ReachRegion region, List<Fate> own)
    {
        if (region.Verdict == ReachVerdict.Blocked || own.TrueForAll(one => one.Region.Verdict == ReachVerdict.Reachable))
        {
            return region;
        }

        return own.TrueForAll(one => one.Region.Verdict == ReachVerdict.Blocked)
            ? region with { Verdict = ReachVerdict.Blocked, By = own[0].Region.By, DependsOn = [] }
            : region with { Verdict = ReachVerdict.Conditional, DependsOn = [.. region.DependsOn, $"the rules of the network namespace {_guest.Name}"] };
    }
}
