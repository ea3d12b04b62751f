using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Analysis.Proving;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis audit --prove</c>: adds to the facts of this host what packets find of a twin of it, with the same rules.</summary>
public static class ProveByTwin
{
    private const string What = "the proof by packets in a twin of this host";

    /// <summary>Asks it from every zone.</summary>
    /// <param name="twins">Makes twins.</param>
    /// <param name="snapshot">The facts.</param>
    /// <param name="policy">The policy, whose zones are asked from too; null for none.</param>
    /// <param name="cancellation">Ends it before its time.</param>
    public static Snapshot Run(ITwins twins, Snapshot snapshot, HostPolicy? policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(twins);
        ArgumentNullException.ThrowIfNull(snapshot);
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(static one => one.Name == NetworkNamespace.HostName);
        if (host?.Rules is null)
        {
            return With(snapshot, new Gap(What, "the firewall's rules were not read", "run with sudo"));
        }

        TwinInquiry inquiry = TwinQuestions.Of(snapshot, policy, cancellation);
        try
        {
            ImmutableArray<PortState> states = inquiry.Questions.IsEmpty || cancellation.IsCancellationRequested ? [] : twins.Ask(host, inquiry.Listeners, inquiry.Questions, cancellation);
            Snapshot proved = snapshot with { Outside = TwinQuestions.Views(inquiry.Questions, states) };
            return With(proved, cancellation.IsCancellationRequested ? [new Gap(What, "it was interrupted", "let it run to its end")] : [.. Gaps(inquiry)]);
        }
        catch (ProbeException refused)
        {
            return With(snapshot, new Gap(What, refused.Message, "have it asked from elsewhere: --from PEER"));
        }
    }

    /// <summary>What was not asked, and why.</summary>
    private static IEnumerable<Gap> Gaps(TwinInquiry inquiry)
    {
        if (inquiry.Left > 0)
        {
            yield return new Gap(
                $"{What}: {inquiry.Left} ways in which packets fare", $"each listener was asked for, but the rules tell apart too many senders to ask from each", "portcullis reach PORT shows all of them");
        }

        if (inquiry.WithoutWayBack > 0)
        {
            yield return new Gap(
                $"{What}: {inquiry.WithoutWayBack} of {inquiry.Listeners.Length} listeners", "this host has no route back to the addresses that would ask, so that no answer of theirs could be seen",
                "have it asked from where there is one: --from PEER");
        }
        else if (inquiry.Questions.IsEmpty && !inquiry.Listeners.IsEmpty)
        {
            yield return new Gap(What, "from the rules it is not known how any packet fares", null);
        }
    }

    private static Snapshot With(Snapshot snapshot, params IEnumerable<Gap> gaps) => snapshot with { Gaps = [.. snapshot.Gaps, .. gaps] };
}
