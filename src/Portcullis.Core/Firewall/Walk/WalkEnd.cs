namespace Portcullis.Core.Firewall.Walk;

/// <summary>How a packet comes out of a rule or a chain.</summary>
internal enum WalkEnd
{
    /// <summary>It goes on.</summary>
    On,

    /// <summary>It goes back to where the chain was jumped to from.</summary>
    Back,

    /// <summary>Let through by this base chain.</summary>
    Accept,

    /// <summary>Dropped.</summary>
    Drop,

    /// <summary>Rejected.</summary>
    Reject,

    /// <summary>It is not known.</summary>
    Unknown,
}
