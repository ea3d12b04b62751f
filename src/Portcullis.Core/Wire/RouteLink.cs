using System;
using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Core.Wire;

/// <summary>One network interface as rtnetlink(7) tells of it (RTM_NEWLINK).</summary>
/// <remarks>struct ifinfomsg of linux/rtnetlink.h: u8 family, u8 padding, u16 type, s32 index, u32 flags, u32 change; then attributes.</remarks>
public readonly record struct RouteLink
{
    /// <summary>The type of a row.</summary>
    public const ushort RTM_NEWLINK = 16;

    private const ushort RTM_GETLINK = 18;
    private const int Length = 16;
    private const uint IFF_UP = 0x1;
    private const uint IFF_LOOPBACK = 0x8;
    private const int IFNAMSIZ = 16;
    private const int IFLA_IFNAME = 3;
    private const int IFLA_LINKINFO = 18;
    private const int IFLA_XDP = 43;
    private const int IFLA_XDP_ATTACHED = 2;
    private const int IFLA_INFO_KIND = 1;
    private const int IFLA_INFO_DATA = 2;
    private const int IFLA_VXLAN_PORT = 15;
    private const int IFLA_GENEVE_PORT = 5;
    private const int IFLA_BAREUDP_PORT = 1;

    /// <summary>The interface's index, 1 and up.</summary>
    public int Index { get; private init; }

    /// <summary>Its name; empty where the kernel gave none.</summary>
    public string Name { get; private init; }

    /// <summary>The kind of a virtual interface; null for plain ones.</summary>
    public string? Kind { get; private init; }

    /// <summary>IFF_LOOPBACK.</summary>
    public bool IsLoopback { get; private init; }

    /// <summary>IFF_UP.</summary>
    public bool IsUp { get; private init; }

    /// <summary>The UDP port on which the kernel listens for this tunnel (VXLAN, Geneve, bare UDP); null for none.</summary>
    public int? TunnelPort { get; private init; }

    /// <summary>Whether an XDP program is attached.</summary>
    public bool HasXdp { get; private init; }

    /// <summary>Makes the request for all interfaces.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETLINK, stackalloc byte[Length]);

    /// <summary>Makes the request that makes an interface.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="name">Its name, at most 15 bytes; a longer one is cut.</param>
    /// <param name="kind">Its kind, such as "dummy".</param>
    public static byte[] Creation(int index, string name, string kind)
    {
        const ushort Flags = Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK | Netlink.NLM_F_EXCL | Netlink.NLM_F_CREATE;
        byte[] body =
        [
            .. new byte[4], .. BitConverter.GetBytes(index), .. new byte[8],
            .. Netlink.Attribute(IFLA_IFNAME, Label(name)), .. Netlink.Attribute(IFLA_LINKINFO, Netlink.Attribute(IFLA_INFO_KIND, Encoding.ASCII.GetBytes(kind))),
        ];
        return Netlink.Message(RTM_NEWLINK, Flags, body);
    }

    /// <summary>A name as the kernel takes it: zero-terminated.</summary>
    internal static byte[] Label(string name)
    {
        ReadOnlySpan<byte> called = Encoding.UTF8.GetBytes(name);
        byte[] label = new byte[IFNAMSIZ];
        called[..Math.Min(called.Length, IFNAMSIZ - 1)].CopyTo(label);
        return label;
    }

    /// <summary>Decodes one row; false where it is malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out RouteLink row)
    {
        row = default;
        if (payload.Length < Length)
        {
            return false;
        }

        string name = "";
        string? kind = null;
        int? port = null;
        bool hasXdp = false;
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IFLA_IFNAME:
                    name = ZeroTerminated(attributes.Value);
                    break;
                case IFLA_XDP:
                    hasXdp = IsAttached(attributes.Value);
                    break;
                case IFLA_LINKINFO:
                    (kind, port) = DecodeInfo(attributes.Value);
                    break;
            }
        }

        uint flags = BitConverter.ToUInt32(payload[8..]);
        row = new RouteLink
        {
            Index = BitConverter.ToInt32(payload[4..]),
            Name = name,
            Kind = kind,
            HasXdp = hasXdp,
            TunnelPort = port,
            IsLoopback = (flags & IFF_LOOPBACK) != 0,
            IsUp = (flags & IFF_UP) != 0,
        };
        return !attributes.Malformed;
    }

    private static bool IsAttached(ReadOnlySpan<byte> xdp)
    {
        NetlinkAttributes attributes = new(xdp);
        while (attributes.Next())
        {
            if (attributes.Type == IFLA_XDP_ATTACHED)
            {
                return attributes.Value.Length > 0 && attributes.Value[0] != 0; // XDP_ATTACHED_NONE
            }
        }

        return false;
    }

    private static (string? Kind, int? Port) DecodeInfo(ReadOnlySpan<byte> info)
    {
        string? kind = null;
        ReadOnlySpan<byte> data = default;
        NetlinkAttributes attributes = new(info);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case IFLA_INFO_KIND:
                    kind = ZeroTerminated(attributes.Value);
                    break;
                case IFLA_INFO_DATA:
                    data = attributes.Value;
                    break;
            }
        }

        int wanted = kind switch
        {
            "vxlan" => IFLA_VXLAN_PORT,
            "geneve" => IFLA_GENEVE_PORT,
            "bareudp" => IFLA_BAREUDP_PORT,
            _ => -1,
        };
        for (NetlinkAttributes inner = new(data); inner.Next();)
        {
            if (inner.Type == wanted && inner.Value.Length >= sizeof(ushort))
            {
                return (kind, BinaryPrimitives.ReadUInt16BigEndian(inner.Value));
            }
        }

        return (kind, null);
    }

    private static string ZeroTerminated(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }
}
