using System;

namespace Portcullis.Core.Wire.Packets;

/// <summary>The control bits of a TCP segment (RFC 9293, 3.1; AE: RFC 9768).</summary>
[Flags]
public enum TcpControl
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The sender has no more data.</summary>
    Fin = 1,

    /// <summary>Synchronise: the sequence number is the first of the connection.</summary>
    Syn = 2,

    /// <summary>Reset: there is no such connection.</summary>
    Rst = 4,

    /// <summary>Push: hand the data to the application.</summary>
    Psh = 8,

    /// <summary>The acknowledgement number counts.</summary>
    Ack = 16,

    /// <summary>The urgent pointer counts.</summary>
    Urg = 32,

    /// <summary>ECN echo (RFC 3168).</summary>
    Ece = 64,

    /// <summary>Congestion window reduced (RFC 3168).</summary>
    Cwr = 128,

    /// <summary>Accurate ECN (RFC 9768), once the nonce sum.</summary>
    Ae = 256,
}
