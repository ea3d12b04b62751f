using System;

namespace Portcullis.Core.Wire;

/// <summary>The kernel's table of packet sockets (packet(7)): the request, and one decoded row. Decoding allocates nothing.</summary>
/// <remarks>
/// struct packet_diag_msg of linux/packet_diag.h, in the machine's byte order:
/// <code>
///  0        8       16       24       31
/// +--------+--------+--------+--------+
/// | family |  type  |    EtherType    |  0
/// +--------+--------+-----------------+
/// |              inode                |  4
/// |        cookie, low, high          |  8
/// +-----------------------------------+ 16, then attributes
/// </code>
/// </remarks>
public readonly record struct PacketDiag
{
    /// <summary>AF_PACKET.</summary>
    public const byte AF_PACKET = 17;

    private const int Length = 16;
    private const int RequestLength = 20;
    private const uint PACKET_SHOW_INFO = 0x01;
    private const uint PACKET_SHOW_FILTER = 0x20;
    private const int PACKET_DIAG_INFO = 0;
    private const int PACKET_DIAG_UID = 5;
    private const int PACKET_DIAG_FILTER = 7;
    private const int FilterInstructionLength = 8; // sizeof(struct sock_filter) of linux/filter.h

    /// <summary>SOCK_RAW (3) for whole frames, SOCK_DGRAM (2) for what the frames carry.</summary>
    public int Type { get; private init; }

    /// <summary>The EtherType it takes; 3 (ETH_P_ALL) for all, 0 for none.</summary>
    public int LinkProtocol { get; private init; }

    /// <summary>The inode in sockfs; 0 for none.</summary>
    public uint Inode { get; private init; }

    /// <summary>SO_COOKIE.</summary>
    public ulong Cookie { get; private init; }

    /// <summary>The index of the bound interface; 0 for all.</summary>
    public int Interface { get; private init; }

    /// <summary>The user who made it.</summary>
    public uint Uid { get; private init; }

    /// <summary>
    /// The number of instructions of its classic filter; 0 for none, or for an eBPF filter, which the kernel does not tell.
    /// Only asked of an observer with CAP_NET_ADMIN.
    /// </summary>
    public int FilterLength { get; private init; }

    /// <summary>Makes the request for all packet sockets.</summary>
    public static byte[] Request()
    {
        Span<byte> body = stackalloc byte[RequestLength];
        body.Clear();
        body[0] = AF_PACKET;
        BitConverter.TryWriteBytes(body[8..], PACKET_SHOW_INFO | PACKET_SHOW_FILTER);
        return Netlink.Dump(InetDiag.SOCK_DIAG_BY_FAMILY, body);
    }

    /// <summary>Decodes one row; false where it is too short or of another family.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out PacketDiag row)
    {
        row = default;
        if (payload.Length < Length || payload[0] != AF_PACKET)
        {
            return false;
        }

        uint uid = 0;
        int boundTo = 0;
        int filter = 0;
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case PACKET_DIAG_INFO:
                    boundTo = (int)(attributes.U32 ?? 0);
                    break;
                case PACKET_DIAG_UID:
                    uid = attributes.U32 ?? 0;
                    break;
                case PACKET_DIAG_FILTER:
                    filter = attributes.Value.Length / FilterInstructionLength;
                    break;
            }
        }

        row = new PacketDiag
        {
            Type = payload[1],
            LinkProtocol = BitConverter.ToUInt16(payload[2..]),
            Inode = BitConverter.ToUInt32(payload[4..]),
            Cookie = BitConverter.ToUInt32(payload[8..]) | ((ulong)BitConverter.ToUInt32(payload[12..]) << 32),
            Interface = boundTo,
            Uid = uid,
            FilterLength = filter,
        };
        return !attributes.Malformed;
    }
}
