namespace Portcullis.Core.Model;

/// <summary>What packets from outside found at a port.</summary>
public enum PortState
{
    /// <summary>It was asked too seldom, or what was heard cannot be relied on.</summary>
    Unknown,

    /// <summary>Something accepts connections, or answers.</summary>
    Open,

    /// <summary>The host itself says that nothing listens there.</summary>
    Closed,

    /// <summary>A host or router on the way refused, and said so (ICMP).</summary>
    Rejected,

    /// <summary>Nothing came back, of as many probes as the measured loss asks for.</summary>
    Filtered,

    /// <summary>Nothing came back over UDP: what listens need not answer, and a firewall does not.</summary>
    OpenOrFiltered,
}
