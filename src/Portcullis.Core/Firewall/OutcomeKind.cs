namespace Portcullis.Core.Firewall;

/// <summary>What has become of a packet at some point of its way.</summary>
public enum OutcomeKind
{
    /// <summary>Nothing yet: it goes on behind this point.</summary>
    Fall,

    /// <summary>A step of the rule did not hold: it goes on with the next rule.</summary>
    NoMatch,

    /// <summary>It leaves the chain for where it came from.</summary>
    Return,

    /// <summary>Let through.</summary>
    Accept,

    /// <summary>Dropped without a word.</summary>
    Drop,

    /// <summary>Dropped, and its sender is told.</summary>
    Reject,

    /// <summary>A rule that is not understood, or a program, decides.</summary>
    Unknown,
}
