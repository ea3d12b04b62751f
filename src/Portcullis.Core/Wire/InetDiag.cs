using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire;

/// <summary>
/// The kernel's table of Internet sockets (sock_diag(7)): the request, and one decoded row. Decoding allocates nothing.
/// </summary>
/// <remarks>
/// struct inet_diag_msg of linux/inet_diag.h; ports and addresses in network order, the rest in the machine's:
/// <code>
///  0        8       16       24       31
/// +--------+--------+--------+--------+
/// | family | state  | timer  |retrans |  0
/// +--------+--------+--------+--------+
/// |  source port    |destination port |  4
/// +-----------------+-----------------+
/// |     source address (16 bytes)     |  8
/// |   destination address (16 bytes)  | 24
/// |         bound interface           | 40
/// |        cookie, low, high          | 44
/// |             expires               | 52
/// |          receive queue            | 56
/// |            send queue             | 60
/// |             user id               | 64
/// |              inode                | 68
/// +-----------------------------------+ 72, then attributes
/// </code>
/// </remarks>
public readonly record struct InetDiag
{
    /// <summary>SOCK_DIAG_BY_FAMILY of linux/sock_diag.h: the type of request and rows.</summary>
    public const ushort SOCK_DIAG_BY_FAMILY = 20;

    /// <summary>AF_INET.</summary>
    public const byte AF_INET = 2;

    /// <summary>AF_INET6.</summary>
    public const byte AF_INET6 = 10;

    /// <summary>The state of a connected socket (TCP_ESTABLISHED of net/tcp_states.h), also of a connected UDP socket.</summary>
    public const int TCP_ESTABLISHED = 1;

    /// <summary>The state of a socket that is neither connected nor listening; an open UDP socket is in it.</summary>
    public const int TCP_CLOSE = 7;

    /// <summary>The state of a socket that takes connections.</summary>
    public const int TCP_LISTEN = 10;

    private const int Length = 72;
    private const int RequestLength = 56;
    private const int INET_DIAG_SKV6ONLY = 11;
    private const int INET_DIAG_CGROUP_ID = 21;

    private InetDiag(ReadOnlySpan<byte> row)
    {
        State = row[1];
        Port = BinaryPrimitives.ReadUInt16BigEndian(row[4..]);
        Address = row[0] == AF_INET
            ? IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(row[8..]))
            : IpAddress.FromNetworkOrder(row.Slice(8, 16));
        Interface = BitConverter.ToInt32(row[40..]);
        // Two words, the low one first whatever the machine's order (sock_diag_save_cookie).
        Cookie = BitConverter.ToUInt32(row[44..]) | ((ulong)BitConverter.ToUInt32(row[48..]) << 32);
        ReceiveQueue = BitConverter.ToUInt32(row[56..]);
        SendQueue = BitConverter.ToUInt32(row[60..]);
        Uid = BitConverter.ToUInt32(row[64..]);
        Inode = BitConverter.ToUInt32(row[68..]);
    }

    /// <summary>A TCP_… state; the numbers serve every protocol.</summary>
    public int State { get; }

    /// <summary>The local port; for raw sockets the IP protocol number.</summary>
    public int Port { get; }

    /// <summary>The local address.</summary>
    public IpAddress Address { get; }

    /// <summary>The index of the bound interface; 0 for all.</summary>
    public int Interface { get; }

    /// <summary>SO_COOKIE.</summary>
    public ulong Cookie { get; }

    /// <summary>For a listening socket the connections that wait; else bytes that wait.</summary>
    public uint ReceiveQueue { get; }

    /// <summary>For a listening socket its backlog; else bytes not yet sent.</summary>
    public uint SendQueue { get; }

    /// <summary>The user who made it.</summary>
    public uint Uid { get; }

    /// <summary>The inode in sockfs; 0 for none.</summary>
    public uint Inode { get; }

    /// <summary>IPV6_V6ONLY; null for IPv4, and where the kernel does not say.</summary>
    public bool? V6Only { get; private init; }

    /// <summary>The id of the control group it was made in (since Linux 5.9); null where the kernel does not say.</summary>
    public ulong? CgroupId { get; private init; }

    /// <summary>Makes the request for all sockets of one family and protocol that are in one of some states.</summary>
    /// <param name="family"><see cref="AF_INET"/> or <see cref="AF_INET6"/>.</param>
    /// <param name="protocol">The IP protocol number, 0 to 255.</param>
    /// <param name="states">A bit (1 &lt;&lt; state) for each wanted state: the kernel leaves out the others.</param>
    public static byte[] Request(byte family, byte protocol, uint states)
    {
        Span<byte> body = stackalloc byte[RequestLength];
        body.Clear();
        body[0] = family;
        body[1] = protocol;
        BitConverter.TryWriteBytes(body[4..], states);
        return Netlink.Dump(SOCK_DIAG_BY_FAMILY, body);
    }

    /// <summary>Decodes one row; false where it is too short or of another family.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out InetDiag row)
    {
        row = default;
        if (payload.Length < Length || payload[0] is not (AF_INET or AF_INET6))
        {
            return false;
        }

        bool? v6Only = null;
        ulong? cgroup = null;
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case INET_DIAG_SKV6ONLY when attributes.Value.Length > 0:
                    v6Only = attributes.Value[0] != 0;
                    break;
                case INET_DIAG_CGROUP_ID:
                    cgroup = attributes.U64;
                    break;
            }
        }

        row = new InetDiag(payload) { V6Only = v6Only, CgroupId = cgroup };
        return !attributes.Malformed;
    }
}
