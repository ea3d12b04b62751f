using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>Who can reach what on a host, by its firewall alone: whether anything listens there is another question.</summary>
/// <param name="Answers">The answers, which hold every packet that was asked about exactly once.</param>
/// <param name="Gaps">What could not be worked out.</param>
public sealed record ReachReport(ImmutableArray<ReachAnswer> Answers, ImmutableArray<Gap> Gaps)
{
    /// <summary>Whether nothing was left out.</summary>
    public bool Complete => Gaps.IsEmpty;
}
