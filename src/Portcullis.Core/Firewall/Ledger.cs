using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Numbers the outcomes, states and places that come up while rules are compiled.</summary>
internal sealed class Ledger
{
    /// <summary>The outcome of falling through unchanged.</summary>
    internal const int Fall = DiagramStore.Fall;

    /// <summary>The outcome of a rule that does not hold, or is through, with the packet unchanged.</summary>
    internal const int NoMatch = 1;

    /// <summary>The state of a packet of which it no longer matters.</summary>
    internal const int NoState = 0;

    private readonly Interning<Outcome> _outcomes = new();
    private readonly Interning<PacketState> _states = new();
    private readonly Interning<RulePlace> _places = new(new SamePlace());

    internal Ledger()
    {
        _outcomes.NumberOf(new Outcome(OutcomeKind.Fall, 0, -1));
        _outcomes.NumberOf(new Outcome(OutcomeKind.NoMatch, 0, -1));
        _states.NumberOf(new PacketState());
        _places.NumberOf(new RulePlace(new FirewallTable { Family = TableFamily.Inet, Name = "" }, new FirewallChain { Name = "" }, null));
    }

    /// <summary>Places are the same where they are the very same objects, whatever these hold.</summary>
    private sealed class SamePlace : IEqualityComparer<RulePlace>
    {
        public bool Equals(RulePlace? one, RulePlace? other) =>
            ReferenceEquals(one?.Rule, other?.Rule) && ReferenceEquals(one?.Chain, other?.Chain) && ReferenceEquals(one?.Table, other?.Table);

        public int GetHashCode(RulePlace place) => RuntimeHelpers.GetHashCode((object?)place.Rule ?? place.Chain);
    }

    internal Outcome OutcomeOf(int number) => _outcomes[number];

    internal PacketState StateOf(int number) => _states[number];

    /// <summary>The place of a number; null for 0, which is none.</summary>
    internal RulePlace? PlaceOf(int number) => number == 0 ? null : _places[number];

    internal int NumberOf(PacketState state) => _states.NumberOf(state);

    internal int NumberOf(RulePlace place) => _places.NumberOf(place);

    /// <summary>The diagram that is one outcome everywhere.</summary>
    internal int End(OutcomeKind kind, int by, int state) => DiagramStore.End(_outcomes.NumberOf(new Outcome(kind, by, state)));
}
