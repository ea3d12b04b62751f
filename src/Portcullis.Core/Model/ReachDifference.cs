using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What a change of rules opens and closes, in packets.</summary>
/// <param name="Changes">Every packet that fares otherwise, exactly once; what opens first.</param>
/// <param name="Gaps">What could not be worked out.</param>
public sealed record ReachDifference(ImmutableArray<ReachChange> Changes, ImmutableArray<Gap> Gaps)
{
    /// <summary>Whether nothing was left out.</summary>
    public bool Complete => Gaps.IsEmpty;
}
