using System.Collections.Immutable;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>What a policy says of one listener.</summary>
internal sealed record Expectation
{
    /// <summary>Nothing: there is no policy, or it does not speak of the listener's namespace.</summary>
    internal static readonly Expectation Unspoken = new();

    /// <summary>Whether it is allowed; null where nothing is said.</summary>
    internal bool? Expected { get; init; }

    /// <summary>The role that allows it, or would but for <see cref="OutOfPlace"/>.</summary>
    internal Role? Role { get; init; }

    /// <summary>The role's service.</summary>
    internal RoleService? Service { get; init; }

    /// <summary>The exception that allows it.</summary>
    internal Allowance? Allowance { get; init; }

    /// <summary>An exception that did allow it until it expired.</summary>
    internal Allowance? Expired { get; init; }

    /// <summary>The zones that may reach it; empty where it is not allowed.</summary>
    internal ImmutableArray<string> From { get; init; } = [];

    /// <summary>Why what holds the port is not what belongs there; null where it may well be.</summary>
    internal string? OutOfPlace { get; init; }
}
