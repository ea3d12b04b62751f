using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>Keeps what a packet meets, and who has decided.</summary>
internal sealed class WalkLog(WalkChance chance)
{
    private readonly ImmutableArray<WalkEvent>.Builder _events = ImmutableArray.CreateBuilder<WalkEvent>();
    private readonly Dictionary<string, bool> _asked = new(StringComparer.Ordinal);

    /// <summary>The hook at which the packet is.</summary>
    internal string Hook { get; set; } = "";

    /// <summary>Who decided last.</summary>
    internal RulePlace? Decider { get; private set; }

    internal ImmutableArray<WalkEvent> Events => _events.ToImmutable();

    internal void Add(RulePlace? place, string did) => _events.Add(new WalkEvent(Hook, place, did));

    /// <summary>Notes who decides.</summary>
    internal void Decide(RulePlace place, string? did = null)
    {
        Decider = place;
        if (did is not null)
        {
            Add(place, did);
        }
    }

    /// <summary>Asks what the packet does not tell, once a key.</summary>
    internal bool Ask(RulePlace? place, string key, string text)
    {
        if (!_asked.TryGetValue(key, out bool holds))
        {
            _asked[key] = holds = chance(key, text);
        }

        Add(place, $"depends on: {text} ({(holds ? "holds" : "does not hold")})");
        return holds;
    }
}
