namespace Portcullis.Core.Model;

/// <summary>Whether packets get in.</summary>
public enum ReachVerdict
{
    /// <summary>None can.</summary>
    Blocked,

    /// <summary>It could not be worked out.</summary>
    Unknown,

    /// <summary>It depends on more than the packet.</summary>
    Conditional,

    /// <summary>They do.</summary>
    Reachable,
}
