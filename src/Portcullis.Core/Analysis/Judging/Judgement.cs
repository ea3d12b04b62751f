using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>All that a check may look at.</summary>
internal sealed class Judgement
{
    private readonly Dictionary<Listener, PortFacts?> _identities = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Listener, Expectation> _expectations = new(ReferenceEqualityComparer.Instance);

    internal Judgement(Snapshot snapshot, ImmutableArray<Listener> listeners, HostPolicy? policy, RoleCatalogue catalogue)
    {
        Snapshot = snapshot;
        Listeners = listeners;
        Policy = policy;
        Catalogue = catalogue;
        AllowList allowed = new(policy, catalogue, snapshot.TakenAt);
        foreach (Listener listener in listeners)
        {
            _identities[listener] = ServiceIdentity.Of(listener);
            _expectations[listener] = allowed.Of(listener);
        }
    }

    /// <summary>The facts.</summary>
    internal Snapshot Snapshot { get; }

    /// <summary>The listeners.</summary>
    internal ImmutableArray<Listener> Listeners { get; }

    /// <summary>The policy; null where the machine has none.</summary>
    internal HostPolicy? Policy { get; }

    /// <summary>The roles that Portcullis brings with it.</summary>
    internal RoleCatalogue Catalogue { get; }

    /// <summary>Which known service the listener is; null where that cannot be told.</summary>
    internal PortFacts? IdentityOf(Listener listener) => _identities[listener];

    /// <summary>What the policy says of the listener.</summary>
    internal Expectation ExpectationOf(Listener listener) => _expectations[listener];
}
