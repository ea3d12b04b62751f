namespace Portcullis.Core.Wire.Ipset;

/// <summary>What a part of a set's key is compared with.</summary>
internal enum IpsetPart
{
    /// <summary>The source or destination address.</summary>
    Address,

    /// <summary>The source or destination port.</summary>
    Port,

    /// <summary>The protocol that IP carries, which an element names beside a port.</summary>
    Protocol,

    /// <summary>The interface that the packet came or leaves by.</summary>
    Interface,

    /// <summary>The packet's mark.</summary>
    Mark,
}
