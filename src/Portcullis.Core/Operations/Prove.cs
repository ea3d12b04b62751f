using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Portcullis.Core.Analysis;
using Portcullis.Core.Analysis.Proving;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis audit --prove</c>: adds to the facts of this host what packets from elsewhere find of it.</summary>
/// <param name="peers">The ways to other places.</param>
/// <param name="take">Takes the facts of this host anew.</param>
public sealed class Prove(IPeers peers, Func<Snapshot> take)
{
    private const int MostFirst = 64;

    /// <summary>Asks every TCP port of the host, and the UDP ports on which something listens; those that do not fit the other facts twice.</summary>
    /// <param name="request">From where.</param>
    /// <param name="progress">Told what is done next; null for nobody.</param>
    /// <param name="cancellation">Ends it before its time; what is not known by then is a gap.</param>
    /// <exception cref="ProbeException">The host cannot be asked from there.</exception>
    public Snapshot Run(ProveRequest request, Action<string>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        IPeer peer = peers.Open(request.Peer, request.Program);
        Snapshot before = take();
        List<Gap> gaps = [];
        List<OutsideView> views = [];
        ImmutableArray<IpAddress> addresses = request.Addresses.IsEmpty ? AddressesFor(peer, before) : request.Addresses;
        foreach (IpAddress address in addresses)
        {
            progress?.Invoke($"having {address} asked from {peer.Name}");
            try
            {
                if (!cancellation.IsCancellationRequested && ViewOf(peer, address, before, gaps, cancellation) is OutsideView view)
                {
                    views.Add(view);
                }
            }
            catch (ProbeException refused)
            {
                gaps.Add(GapOf(peer, address, refused.Message, "name an address that is seen from there: --at ADDRESS"));
            }
        }

        if (addresses.IsEmpty)
        {
            gaps.Add(new Gap($"what {peer.Name} sees of this host", "no address of this host is known to be seen from there", "name one: --at ADDRESS"));
        }

        Snapshot after = take() with { Outside = [.. views] };
        ImmutableArray<ImmutableArray<(Protocol, ushort)>> disputed = cancellation.IsCancellationRequested ? [] : Disputes.Of(after);
        if (disputed.Any(static ports => !ports.IsEmpty))
        {
            progress?.Invoke($"asking again from {peer.Name} what does not fit");
            ImmutableArray<OutsideView> again = [.. views.Select((view, at) => Again(peer, view, disputed[at], gaps, cancellation))];
            after = take() with { Outside = again };
        }

        return after with { Gaps = [.. after.Gaps, .. gaps.Distinct(), .. Interrupted(peer, cancellation)] };
    }

    private static IEnumerable<Gap> Interrupted(IPeer peer, CancellationToken cancellation) => cancellation.IsCancellationRequested
        ? [new Gap($"all that {peer.Name} sees of this host", "it was interrupted", "let it run to its end")]
        : [];

    /// <summary>The addresses that are this host's over there too: from another machine the one it sees, and public ones, which nobody else has.</summary>
    private static ImmutableArray<IpAddress> AddressesFor(IPeer peer, Snapshot snapshot)
    {
        IEnumerable<IpAddress> own = OwnAddresses(snapshot).Where(address => AddressScope.Of(address, null) is var scope
            && (scope == Scope.Address || (peer.IsHere && scope == Scope.Private)));
        return [.. (peer.SeenAs is IpAddress seen ? [seen] : ImmutableArray<IpAddress>.Empty).Concat(own).Distinct()];
    }

    private static IEnumerable<IpAddress> OwnAddresses(Snapshot snapshot) =>
        snapshot.Namespaces.FirstOrDefault(static one => one.Name == NetworkNamespace.HostName)?.Interfaces.Where(static one => one.IsUp && !one.IsLoopback).SelectMany(static one => one.Addresses) ?? [];

    private OutsideView? ViewOf(IPeer peer, IpAddress address, Snapshot before, List<Gap> gaps, CancellationToken cancellation)
    {
        (ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp) = PortsOf(before);
        using IArrivals? arrivals = peers.Watch(address.Version, out string why);
        if (arrivals is null)
        {
            gaps.Add(new Gap($"whether packets from {peer.Name} come in to this host", why, why == "not root" ? "run with sudo" : null));
            if (!peer.IsHere && !OwnAddresses(before).Contains(address))
            {
                gaps.Add(GapOf(peer, address, "without seeing its packets come in, nobody can tell whether that is this host", null));
                return null;
            }
        }
        else if (!LeadsHere(peer, address, tcp, arrivals, cancellation))
        {
            gaps.Add(GapOf(peer, address, "nothing that it sent there came in to this host: something on the way stops all of it, or that address is another host's over there", "name an address that is seen from there: --at ADDRESS"));
            return null;
        }

        ScanReport report = peer.Scan(address, PortList.AllTcp.Tcp, udp, cancellation);
        gaps.AddRange(report.Gaps.Select(gap => gap with { What = $"{gap.What}, asked from {peer.Name} at {address}" }));
        return OutsideViews.Of(peer.Name, report, arrivals?.Seen(), before);
    }

    /// <summary>Whether packets to that address come to this host at all: a few are sent before many are, since another host could get them.</summary>
    private static bool LeadsHere(IPeer peer, IpAddress address, ImmutableArray<ushort> tcp, IArrivals arrivals, CancellationToken cancellation)
    {
        ScanReport first = peer.Scan(address, tcp.IsEmpty ? [443] : [.. tcp.Take(MostFirst)], [], cancellation);
        return OutsideViews.Way(first, arrivals.Seen()) is not null;
    }

    /// <summary>The ports on which something listens that others may hear.</summary>
    private static (ImmutableArray<ushort> Tcp, ImmutableArray<ushort> Udp) PortsOf(Snapshot snapshot)
    {
        SortedSet<ushort> tcp = [];
        SortedSet<ushort> udp = [];
        foreach (Listener listener in ListenerTable.From(snapshot))
        {
            if (listener.Namespace == NetworkNamespace.HostName && listener.Scope != Scope.Loopback && listener.Protocol is Protocol.Tcp or Protocol.Udp && listener.Port > 0)
            {
                (listener.Protocol == Protocol.Tcp ? tcp : udp).Add((ushort)listener.Port);
            }
        }

        return ([.. tcp], [.. udp]);
    }

    private OutsideView Again(IPeer peer, OutsideView view, ImmutableArray<(Protocol Protocol, ushort Port)> disputed, List<Gap> gaps, CancellationToken cancellation)
    {
        if (disputed.IsEmpty)
        {
            return view;
        }

        try
        {
            using IArrivals? arrivals = peers.Watch(view.Address.Version, out _);
            ScanReport report = peer.Scan(
                view.Address,
                [.. disputed.Where(static one => one.Protocol == Protocol.Tcp).Select(static one => one.Port).Order()],
                [.. disputed.Where(static one => one.Protocol == Protocol.Udp).Select(static one => one.Port).Order()],
                cancellation);
            return view with { Ports = SeenRanges.Renewed(view.Ports, OutsideViews.Ports(report, arrivals?.Seen(), view)) };
        }
        catch (ProbeException refused)
        {
            gaps.Add(GapOf(peer, view.Address, string.Create(CultureInfo.InvariantCulture, $"the second question about {Scan.Ports(disputed.Length)} failed: {refused.Message}"), null));
            return view with { Ports = SeenRanges.Renewed(view.Ports, [.. disputed.Select(static one => new SeenPorts(one.Protocol, one.Port, one.Port, PortState.Unknown, null))]) };
        }
    }

    private static Gap GapOf(IPeer peer, IpAddress address, string why, string? remedy) => new($"what {peer.Name} sees of {address}", why, remedy);
}
