using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using static Portcullis.Os.Linux.Native.FilterCodes;
using FilterStep = Portcullis.Os.Linux.Native.LibcPackets.FilterStep;

namespace Portcullis.Os.Linux.Peers;

/// <summary>The filter (classic BPF, linux/filter.h) that leaves a packet socket only the first packets of TCP connections: SYN without ACK.</summary>
internal static class OpeningFilter
{
    private const uint Control = 13; // the octet of the control bits in the TCP header (RFC 9293, 3.1)
    private const uint OffsetBits = 0x1fff; // of the fragment offset (RFC 791, 3.1)
    private const uint SynAndAck = (uint)(TcpControl.Syn | TcpControl.Ack);

    /// <summary>The filter, for packets that begin with their IP header.</summary>
    internal static FilterStep[] For(IpVersion version) => version == IpVersion.V4
        ?
        [
            new(LoadByte, 0, 0, 9),
            new(IfEqual, 0, 7, TcpSegment.Number),
            new(LoadHalf, 0, 0, 6),
            new(IfAnyBit, 5, 0, OffsetBits),
            new(LoadHeaderLength, 0, 0, 0),
            new(LoadByteIndexed, 0, 0, Control),
            new(And, 0, 0, SynAndAck),
            new(IfEqual, 0, 1, (uint)TcpControl.Syn),
            new(Return, 0, 0, Whole),
            new(Return, 0, 0, 0),
        ]
        : // What has extension headers in front is not seen: who asks from elsewhere sends none.
        [
            new(LoadByte, 0, 0, 6),
            new(IfEqual, 0, 4, TcpSegment.Number),
            new(LoadByte, 0, 0, 40 + Control),
            new(And, 0, 0, SynAndAck),
            new(IfEqual, 0, 1, (uint)TcpControl.Syn),
            new(Return, 0, 0, Whole),
            new(Return, 0, 0, 0),
        ];
}
