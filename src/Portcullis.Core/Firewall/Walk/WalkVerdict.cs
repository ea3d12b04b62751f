namespace Portcullis.Core.Firewall.Walk;

/// <summary>How a packet's walk ended.</summary>
public enum WalkVerdict
{
    /// <summary>No chain kept it out.</summary>
    Accepted,

    /// <summary>Dropped without a word.</summary>
    Dropped,

    /// <summary>Dropped, and its sender is told.</summary>
    Rejected,

    /// <summary>Something decides that is not understood, or a program.</summary>
    Unknown,
}
