using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>Finds the ports where what was seen from elsewhere and the rest of the facts do not agree: they are worth a second question.</summary>
public static class Disputes
{
    /// <summary>The ports for each view of a snapshot, in the same order; empty where all agrees.</summary>
    /// <param name="snapshot">The facts.</param>
    public static ImmutableArray<ImmutableArray<(Protocol Protocol, ushort Port)>> Of(Snapshot snapshot)
    {
        System.ArgumentNullException.ThrowIfNull(snapshot);
        HostFirewall firewall = HostFirewall.Of(snapshot, policy: null);
        ImmutableArray<Listener> listeners = ListenerTable.From(snapshot);
        return [.. snapshot.Outside.Select(view => In(new Proofs([view], firewall), listeners))];
    }

    private static ImmutableArray<(Protocol Protocol, ushort Port)> In(Proofs proofs, ImmutableArray<Listener> listeners)
    {
        HashSet<(Protocol, ushort)> disputed = [.. proofs.Unaccounted(listeners).Select(static one => (one.Protocol, (ushort)one.Port))];
        foreach (Listener listener in listeners)
        {
            if (proofs.Of(listener).Any(static proof => proof.Outcome == ProofOutcome.Contradicted))
            {
                disputed.Add((listener.Protocol, (ushort)listener.Port));
            }
        }

        return [.. disputed];
    }
}
