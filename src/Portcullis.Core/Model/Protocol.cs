namespace Portcullis.Core.Model;

/// <summary>How a socket takes its packets in.</summary>
public enum Protocol
{
    /// <summary>Transmission Control Protocol, RFC 9293.</summary>
    Tcp,

    /// <summary>User Datagram Protocol, RFC 768.</summary>
    Udp,

    /// <summary>Lightweight User Datagram Protocol, RFC 3828. Gone from Linux 7.</summary>
    UdpLite,

    /// <summary>Stream Control Transmission Protocol, RFC 9260.</summary>
    Sctp,

    /// <summary>Datagram Congestion Control Protocol, RFC 4340. Gone from Linux 6.16.</summary>
    Dccp,

    /// <summary>A raw IP socket (raw(7)): it sees every packet of one IP protocol; the port is that protocol's number.</summary>
    Raw,

    /// <summary>A packet socket (packet(7)): it sees whole frames, before any firewall; the port is 0.</summary>
    Packet,
}
