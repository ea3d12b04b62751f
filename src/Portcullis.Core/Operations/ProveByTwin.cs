using System;
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

        ImmutableArray<TwinQuestion> questions = TwinQuestions.Of(snapshot, policy, out ImmutableArray<Listener> listeners);
        try
        {
            ImmutableArray<PortState> states = questions.IsEmpty ? [] : twins.Ask(host, listeners, questions, cancellation);
            Snapshot proved = snapshot with { Outside = TwinQuestions.Views(questions, states) };
            return cancellation.IsCancellationRequested ? With(proved, new Gap(What, "it was interrupted", "let it run to its end"))
                : questions.IsEmpty && !listeners.IsEmpty ? With(proved, new Gap(What, "from the rules it is not known how any packet fares", null))
                : proved;
        }
        catch (ProbeException refused)
        {
            return With(snapshot, new Gap(What, refused.Message, "have it asked from elsewhere: --from PEER"));
        }
    }

    private static Snapshot With(Snapshot snapshot, Gap gap) => snapshot with { Gaps = [.. snapshot.Gaps, gap] };
}
