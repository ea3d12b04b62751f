using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>All the rules of one network namespace, as the kernel would run them, whoever wrote them and by whatever tool.</summary>
public sealed record Ruleset
{
    /// <summary>The tables, in the order in which they were told.</summary>
    public required ImmutableArray<FirewallTable> Tables { get; init; }

    /// <summary>What could not be understood at all, a sentence each; packets may then fare otherwise than these tables say.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];
}
