using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Analysis.Proving;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>All that a check may look at.</summary>
internal sealed class Judgement
{
    private readonly Dictionary<Listener, View> _views = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<string, Listener> _byKey = new(StringComparer.Ordinal);

    private ImmutableArray<string>? _likely;
    private StackView? _stack;
    private FirewallState? _state;

    internal Judgement(Snapshot snapshot, ImmutableArray<Listener> listeners, HostPolicy? policy, RoleCatalogue catalogue, HostFirewall firewall, Proofs proofs)
    {
        Snapshot = snapshot;
        Listeners = listeners;
        Policy = policy;
        Catalogue = catalogue;
        Firewall = firewall;
        Proofs = proofs;
        AllowList allowed = new(policy, catalogue, snapshot.TakenAt);
        foreach (Listener listener in listeners)
        {
            _byKey.TryAdd(listener.Key, listener);
            _views[listener] = new View(ServiceIdentity.Of(listener), allowed.Of(listener));
        }
    }

    private sealed record View(PortFacts? Identity, Expectation Expectation);

    /// <summary>The facts.</summary>
    internal Snapshot Snapshot { get; }

    /// <summary>The listeners.</summary>
    internal ImmutableArray<Listener> Listeners { get; }

    /// <summary>The policy; null where the machine has none.</summary>
    internal HostPolicy? Policy { get; }

    /// <summary>The roles that Portcullis brings with it.</summary>
    internal RoleCatalogue Catalogue { get; }

    /// <summary>Who gets to the host's listeners.</summary>
    internal HostFirewall Firewall { get; }

    /// <summary>What packets from elsewhere found.</summary>
    internal Proofs Proofs { get; }

    /// <summary>Who writes the firewall's rules, and whether they keep anything out.</summary>
    internal FirewallState State => _state ??= Coexistence.Of(Firewall, Snapshot.RuleLoaders) with { Programs = ProgramPlaces.Of(Snapshot) };

    /// <summary>The listener of a key, or of several the first; null for none.</summary>
    internal Listener? Named(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>What the machine seems to be for, by name.</summary>
    internal ImmutableArray<string> LikelyRoles => _likely ??= Judging.LikelyRoles.Of(this);

    /// <summary>The switches of the host's TCP/IP stack; null where they were not read.</summary>
    internal StackView? Stack => _stack ??= StackView.Of(this);

    /// <summary>Which known service the listener is; null where that cannot be told.</summary>
    internal PortFacts? IdentityOf(Listener listener) => _views[listener].Identity;

    /// <summary>What the policy says of the listener.</summary>
    internal Expectation ExpectationOf(Listener listener) => _views[listener].Expectation;
}
