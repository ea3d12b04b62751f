using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>A field of a header that rules ask for; what lies between two of them is free for the sender.</summary>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Dimension">The dimension; null for none.</param>
/// <param name="Known">The value of a field of one byte that all the packets have in common; null for none.</param>
/// <param name="Fixed">Bits of a field of one byte that all the packets have in common; null for none.</param>
internal sealed record HeaderField(int Offset, int Length, PacketDimension? Dimension, byte? Known = null, FixedBits? Fixed = null)
{
    /// <summary>
    /// The header of IP: RFC 791, 3.1, and RFC 8200, 3. The "next header" of IPv6 stays free: a sender may put extensions between.
    /// </summary>
    internal static HeaderField[] OfNetwork(Arrival arrival) => arrival.Version == IpVersion.V4
        ? [new(9, 1, null, arrival.Protocol), new(12, 4, PacketDimension.SourceLow), new(16, 4, PacketDimension.DestinationLow)]
        :
        [
            new(8, 8, PacketDimension.SourceHigh), new(16, 8, PacketDimension.SourceLow),
            new(24, 8, PacketDimension.DestinationHigh), new(32, 8, PacketDimension.DestinationLow),
        ];

    /// <summary>
    /// The flags of a plain first segment. FIN, RST and ACK open nothing; PSH, URG, ECE and CWR are as free for the sender as an address
    /// (tcp_rcv_state_process in tcp_input.c, tcp_valid_flags in nf_conntrack_proto_tcp.c).
    /// </summary>
    internal const byte TcpSyn = 0x02;

    /// <summary>The header of what IP carries: RFC 9293, 3.1; RFC 768; RFC 792; RFC 4443, 2.1.</summary>
    internal static HeaderField[] OfTransport(Arrival arrival) =>
        arrival is { Protocol: 6, IsEveryPacket: false } ? [new(0, 2, PacketDimension.SourcePort), new(2, 2, PacketDimension.DestinationPort), new(13, 1, null, null, new FixedBits(0x17, TcpSyn))]
        : arrival.HasPorts ? [new(0, 2, PacketDimension.SourcePort), new(2, 2, PacketDimension.DestinationPort)]
        : arrival.IsIcmp ? [new(0, 1, PacketDimension.IcmpType), new(1, 1, PacketDimension.IcmpCode)]
        : [];
}
