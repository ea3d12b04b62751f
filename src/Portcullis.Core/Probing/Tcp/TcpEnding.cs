namespace Portcullis.Core.Probing.Tcp;

/// <summary>How a connection came to its end.</summary>
public enum TcpEnding
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>Both sides have closed it.</summary>
    Closed,

    /// <summary>The peer answered our SYN with RST.</summary>
    Refused,

    /// <summary>The peer reset it later.</summary>
    ResetByPeer,

    /// <summary>Nobody acknowledged what we sent, however often.</summary>
    TimedOut,

    /// <summary>We gave it up.</summary>
    Aborted,
}
