namespace Portcullis.Core.Model;

/// <summary>What the firewall's rules say of packets from one place to one listener, and what packets from there found.</summary>
public sealed record Proof
{
    /// <summary>Who asked.</summary>
    public required string From { get; init; }

    /// <summary>Whether a twin of this host was asked: the same rules and interfaces in a network namespace of its own.</summary>
    public bool IsTwin { get; init; }

    /// <summary>From which address the packets came; null where that is not known.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>Which address they asked.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>What the rules say of them; null where these were not read, or it is not known from where they came.</summary>
    public ReachVerdict? Claimed { get; init; }

    /// <summary>The rule that decides; null where none does.</summary>
    public string? By { get; init; }

    /// <summary>What they found.</summary>
    public required PortState Seen { get; init; }

    /// <summary>What that means.</summary>
    public required ProofOutcome Outcome { get; init; }
}
