using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>Packets that fare alike, with who decides.</summary>
public sealed record ReachAnswer
{
    /// <summary>IPv4 or IPv6.</summary>
    public required IpVersion Version { get; init; }

    /// <summary>The protocol.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The destination ports, as ranges in order.</summary>
    public required ImmutableArray<(int First, int Last)> Ports { get; init; }

    /// <summary>The sources, all of them: "any", "10.0.0.0/8, 192.0.2.1".</summary>
    public required string From { get; init; }

    /// <summary>The same in few words, for people: "internet", "any but 10.0.0.0/8", "10.0.0.1, 10.0.0.3 and 7 more ranges".</summary>
    public required string FromInShort { get; init; }

    /// <summary>The interface by which they come; null where it makes no difference.</summary>
    public string? Interface { get; init; }

    /// <summary>Where they go: "host", one of its addresses where it makes a difference, or "172.17.0.2:80" after translation.</summary>
    public required string To { get; init; }

    /// <summary>Whether they get there.</summary>
    public required ReachVerdict Verdict { get; init; }

    /// <summary>The rule or policy that decides; null where none does.</summary>
    public string? By { get; init; }

    /// <summary>What it depends on, where it is conditional.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];
}
