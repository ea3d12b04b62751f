using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>Reads the fields of one walking packet, as nft_payload.c, nft_meta.c, nft_ct.c and nft_fib.c do.</summary>
internal sealed class PacketEyes(Arrival arrival, WalkingPacket packet)
{
    private const int MostRoutes = 5_000; // more are not gone by

    private bool IsV4 => arrival.Version == IpVersion.V4;

    /// <summary>The interface by which it leaves; null where it does not, or where that is not known.</summary>
    internal NetworkInterface? Leaving { get; set; }

    /// <summary>Whether it leaves, perhaps by an interface that is not known.</summary>
    internal bool IsLeaving { get; set; }

    /// <summary>An operand: the field with its mask and turned bits.</summary>
    internal FieldValue Read(Operand operand)
    {
        FieldValue value = Read(operand.Field);
        if (value.Bytes is not byte[] bytes)
        {
            return value;
        }

        byte[] seen = [.. bytes];
        for (int at = 0; at < seen.Length; at++)
        {
            seen[at] &= at < operand.Mask.Length ? operand.Mask[at] : (byte)0xff;
            seen[at] ^= at < operand.Xor.Length ? operand.Xor[at] : (byte)0;
        }

        return FieldValue.Of(seen);
    }

    private FieldValue Read(PacketField field)
    {
        string text = FieldText.Of(field);
        return field.Source switch
        {
            FieldSource.NetworkHeader => packet.Read(false, field.Offset, field.Length, text),
            FieldSource.TransportHeader => packet.Read(true, field.Offset, field.Length, text),
            FieldSource.Meta => Meta(field, text),
            FieldSource.Connection => Connection(field, text),
            FieldSource.Route when field.Name == "daddr type" => DestinationType(text),
            FieldSource.Route => WayBack(field, text),
            _ => FieldValue.NotKnown(text, packet.StampOf(text)),
        };
    }

    private FieldValue Meta(PacketField field, string text)
    {
        if (field.Name != "mark" && packet.StampOf(text) is int stamp and not 0)
        {
            return FieldValue.NotKnown(text, stamp);
        }

        byte[]? known = field.Name switch
        {
            "l4proto" => [arrival.Protocol],
            "nfproto" => [IsV4 ? (byte)2 : (byte)10],
            "protocol" => IsV4 ? [0x08, 0x00] : [0x86, 0xdd],
            "iifname" => Name(arrival.Interface.Name),
            "iif" => Word((uint)arrival.Interface.Index),
            "oifname" when !IsLeaving || Leaving is not null => Name(Leaving?.Name ?? ""),
            "oif" when !IsLeaving || Leaving is not null => Word((uint)(Leaving?.Index ?? 0)),
            "mark" => packet.Mark,
            "pkttype" when !arrival.IsToGroup => [0],
            _ => null,
        };
        return known is not null ? FieldValue.Of(known) : FieldValue.NotKnown(text, field.Name == "mark" ? packet.MarkStamp : 0);
    }

    private FieldValue Connection(PacketField field, string text)
    {
        if (field.Name == "state")
        {
            return FieldValue.Of(Word(packet.Connection switch { ConnectionView.New => 8u, ConnectionView.Untracked => 64u, _ => 1u }));
        }

        if (packet.Connection != ConnectionView.New)
        {
            return FieldValue.Missing;
        }

        if (field.Name.StartsWith("original ", StringComparison.Ordinal) && field.Name is not ("original protocol" or "original l3proto"))
        {
            return Original(field, text);
        }

        return field.Name switch
        {
            "mark" => packet.ConnectionMark is byte[] mark ? FieldValue.Of(mark) : FieldValue.NotKnown(text, packet.ConnectionMarkStamp),
            "direction" => FieldValue.Of([0]),
            "protocol" or "original protocol" => FieldValue.Of([arrival.Protocol]),
            "l3proto" or "original l3proto" => FieldValue.Of([IsV4 ? (byte)2 : (byte)10]),
            // IPS_SRC_NAT is 1 << 4, IPS_DST_NAT 1 << 5 (nf_conntrack_common.h); other bits may be set by the kernel at its will.
            "status" => packet.HasMoved is not bool moved || packet.IsSourceTranslated ? FieldValue.NotKnown(text) : FieldValue.Of(Word(moved ? 32u : 0)),
            _ => FieldValue.NotKnown(text, packet.StampOf(text)),
        };
    }

    private FieldValue Original(PacketField field, string text)
    {
        if (packet.Original is not FirstPacket original)
        {
            return FieldValue.NotKnown(text);
        }

        // nft_ct.c: the tuple of a connection of the other version has no such address, so the rule does not hold.
        string[] words = field.Name.Split(' ');
        if (words is [_, "ip" or "ip6", _] && (words[1] == "ip") != IsV4)
        {
            return FieldValue.Missing;
        }

        // Of ICMP a tuple has the identifier as source, type and code as destination (nf_conntrack_tuple.h).
        (byte[] from, int at) = (words[^1], arrival.IsIcmp) switch
        {
            ("saddr", _) => ([.. original.Network], IsV4 ? 12 : 8),
            ("daddr", _) => ([.. original.Network], IsV4 ? 16 : 24),
            ("proto-src", false) => ([.. original.Transport], 0),
            ("proto-dst", false) => ([.. original.Transport], 2),
            ("proto-src", true) => ([.. original.Transport], 4),
            ("proto-dst", true) => ([.. original.Transport], 0),
            _ => ((byte[])[], 0),
        };
        return at + field.Length <= from.Length ? FieldValue.Of(from[at..(at + field.Length)]) : FieldValue.NotKnown(text);
    }

    /// <summary>The type of the destination (RTN_ constants of linux/rtnetlink.h).</summary>
    private FieldValue DestinationType(string text)
    {
        FieldValue destination = packet.Read(false, IsV4 ? 16 : 24, IsV4 ? 4 : 16, text);
        if (destination.Bytes is not byte[] bytes)
        {
            return packet.IsForThisHost ? FieldValue.Of(Word(2)) : destination;
        }

        IpAddress address = IpAddress.FromNetworkOrder(bytes);
        return FieldValue.Of(Word(IsOwn(address) ? 2u : IsV4 && bytes.All(one => one == 255) ? 3u : (IsV4 ? bytes[0] is >= 224 and < 240 : bytes[0] == 255) ? 5u : 1u));
    }

    /// <summary>
    /// By which interface answers to the source would leave: none where no route leads there (nft_fib4_eval, nft_fib6_eval). Where one does it depends on the table
    /// that is asked.
    /// </summary>
    private FieldValue WayBack(PacketField field, string text)
    {
        FieldValue unknown = FieldValue.NotKnown(text, DestinationStamp());
        string[] words = field.Name.Split(' ');
        if (words[0] != "saddr" || words[^1] == "type" || arrival.Routes is not { Length: <= MostRoutes } routes || arrival.Interface.IsLoopback || (!IsV4 && arrival.IsIcmp)
            || packet.Read(false, IsV4 ? 12 : 8, IsV4 ? 4 : 16, text).Bytes is not byte[] bytes || (IsV4 && bytes[0] == 0))
        {
            return unknown;
        }

        IpAddress source = IpAddress.FromNetworkOrder(bytes);
        bool isByArrival = words.Contains("iif") && arrival.Interfaces.All(static one => one.Kind != "vrf");
        bool isFound = routes.Any(route => source.IsIn(route.Prefix, route.Length) && (!isByArrival || route.Interface == arrival.Interface.Index));
        return isFound || (arrival.IsToGroup && IsOwn(source)) ? unknown : FieldValue.Of(new byte[field.Length]);
    }

    /// <summary>Whether an address is one of this host's own.</summary>
    internal bool IsOwn(IpAddress address) =>
        (address.Version == IpVersion.V4 && address.Low >> 24 == 127) || arrival.Interfaces.Any(one => one.Addresses.Any(own => own == address));

    private int DestinationStamp() => packet.HasNewDestination ? 1_000_000 + packet.Read(false, IsV4 ? 16 : 24, IsV4 ? 4 : 16, "").Stamp : 0;

    internal static byte[] Word(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Name(string name)
    {
        byte[] bytes = new byte[16];
        byte[] text = Encoding.UTF8.GetBytes(name);
        text.AsSpan(0, Math.Min(15, text.Length)).CopyTo(bytes);
        return bytes;
    }
}
