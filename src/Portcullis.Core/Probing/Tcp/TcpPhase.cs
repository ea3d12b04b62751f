namespace Portcullis.Core.Probing.Tcp;

/// <summary>The state of a connection (RFC 9293, 3.3.2). LISTEN is missing: only clients are needed here.</summary>
public enum TcpPhase
{
    /// <summary>Not begun, or over.</summary>
    Closed,

    /// <summary>SYN-SENT: we asked.</summary>
    SynSent,

    /// <summary>SYN-RECEIVED: both sides asked at once, and we answered.</summary>
    SynReceived,

    /// <summary>ESTABLISHED: data may flow both ways.</summary>
    Established,

    /// <summary>FIN-WAIT-1: we said that we have no more data, and nobody has acknowledged it.</summary>
    FinWait1,

    /// <summary>FIN-WAIT-2: the peer knows that we have no more data.</summary>
    FinWait2,

    /// <summary>CLOSE-WAIT: the peer has no more data, we may have.</summary>
    CloseWait,

    /// <summary>CLOSING: both said so at once.</summary>
    Closing,

    /// <summary>LAST-ACK: the peer had no more data, and we have just said the same.</summary>
    LastAck,

    /// <summary>
    /// TIME-WAIT: both have closed. It is not kept for two lifetimes of a segment as RFC 9293, 3.6 has it: the port stays ours only as long
    /// as the caller keeps it, and a FIN that comes again later is answered by the kernel with RST, which ends a peer that has closed, too.
    /// </summary>
    TimeWait,
}
