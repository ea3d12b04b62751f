namespace Portcullis.Core.Model;

/// <summary>By what questions ports are probed.</summary>
public enum ProbeKind
{
    /// <summary>TCP's SYN alone, written by Portcullis: the connection is never made. Needs privileges.</summary>
    Syn,

    /// <summary>A connection of the kernel's, ended as soon as it is made.</summary>
    Connect,

    /// <summary>A datagram, where possible one that the usual service of the port answers.</summary>
    Udp,
}
