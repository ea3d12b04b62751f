namespace Portcullis.Core.Model;

/// <summary>What a trace of one port came to.</summary>
public enum TraceVerdict
{
    /// <summary>It could not be found out.</summary>
    Unknown,

    /// <summary>The port accepts connections.</summary>
    Open,

    /// <summary>The host answered with a reset: nothing listens there.</summary>
    Closed,

    /// <summary>Nothing came back.</summary>
    Filtered,

    /// <summary>A host or router refused, and said so (ICMP).</summary>
    Rejected,

    /// <summary>The connection was accepted and at once ended, without a word.</summary>
    AcceptedThenDropped,
}
