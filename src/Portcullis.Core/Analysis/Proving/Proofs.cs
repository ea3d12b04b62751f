using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>Joins what packets from elsewhere found with the listeners and with what the rules say of them.</summary>
/// <param name="views">What they found.</param>
/// <param name="firewall">The host's firewall.</param>
internal sealed class Proofs(ImmutableArray<OutsideView> views, HostFirewall firewall)
{
    /// <summary>What they say of a listener; empty where none asked for it.</summary>
    internal ImmutableArray<Proof> Of(Listener listener) => views.IsEmpty ? [] :
    [
        .. views.Where(view => Covers(listener, view)).SelectMany(view => SeenAt(view, listener.Protocol, listener.Port), (view, seen) => ProofOf(listener, view, seen)),
    ];

    /// <summary>The ports that answer and are nobody's: no socket of the host takes their packets, and no rule passes these on to another host.</summary>
    /// <param name="listeners">All listeners.</param>
    internal IEnumerable<UnaccountedPort> Unaccounted(ImmutableArray<Listener> listeners)
    {
        foreach (OutsideView view in views.Where(static view => !view.IsTwin))
        {
            foreach (SeenPorts seen in view.Ports.Where(static seen => seen.State == PortState.Open))
            {
                for (int port = seen.First; port <= seen.Last; port++)
                {
                    if (!listeners.Any(listener => listener.Port == port && listener.Protocol == seen.Protocol && Covers(listener, view))
                        && ClaimOf(view, seen.Protocol, port) is var claim && claim?.To is null)
                    {
                        yield return new UnaccountedPort(view, seen.Protocol, port, seen.HasArrived, claim);
                    }
                }
            }
        }
    }

    private Proof ProofOf(Listener listener, OutsideView view, SeenPorts seen)
    {
        Claim? claim = ClaimOf(view, listener.Protocol, listener.Port);
        ReachVerdict? verdict = claim is null ? null
            : GroupPrograms.Behind(listener, [new Exposure(view.From, claim.Verdict, null, null, [])])[0].Verdict;
        bool isBusy = !view.IsTwin && listener.Backlog is uint most && listener.Queue > most;
        return new Proof
        {
            From = view.From,
            IsTwin = view.IsTwin,
            Source = view.Source,
            Address = view.Address,
            Claimed = verdict,
            By = claim?.By,
            Seen = seen.State,
            Outcome = Outcome.Of(verdict, seen, listener.Protocol, view.IsTwin, isBusy),
        };
    }

    /// <summary>What the rules say; null where they were not read, or the way of the packets is not known.</summary>
    private Claim? ClaimOf(OutsideView view, Protocol protocol, int port) =>
        view is { Source: IpAddress source, Destination: IpAddress destination } && firewall.RegionsOf(source, destination, view.Interface, protocol, port) is { } regions
            ? Claim.Of(regions)
            : null;

    private static IEnumerable<SeenPorts> SeenAt(OutsideView view, Protocol protocol, int port) =>
        view.Ports.Where(seen => seen.Protocol == protocol && seen.First <= port && port <= seen.Last).Take(1);

    /// <summary>Whether packets of the view are the listener's, by its address and interface.</summary>
    private static bool Covers(Listener listener, OutsideView view)
    {
        IpAddress to = view.Destination ?? view.Address;
        bool isFamily = listener.Family switch
        {
            AddressFamily.Ipv4 => to.Version == IpVersion.V4,
            AddressFamily.Ipv6 => to.Version == IpVersion.V6,
            _ => true,
        };
        return listener.Namespace == NetworkNamespace.HostName && isFamily && listener.Address is IpAddress bound && (bound.IsAny || bound.Unmapped() == to)
            && (listener.Interface is null || view.Interface is null || listener.Interface == view.Interface);
    }
}
