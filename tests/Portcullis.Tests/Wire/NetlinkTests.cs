using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Tests.Text;
using Xunit;

namespace Portcullis.Tests.Wire;

public sealed class NetlinkTests
{
    /// <summary>A listening [::1]:8080 of user 33, IPv6 only, bound to interface 1.</summary>
    private static readonly byte[] Row = Message(InetDiag.SOCK_DIAG_BY_FAMILY, InetRow(InetDiag.AF_INET6, Attribute(11, [1]), Attribute(21, BitConverter.GetBytes(4711UL))));

    [Fact]
    public void Row_of_a_listening_socket_is_decoded()
    {
        Assert.True(First(Row, out InetDiag row));
        Assert.Equal(InetDiag.TCP_LISTEN, row.State);
        Assert.Equal(8080, row.Port);
        Assert.Equal(IpAddress.Parse("::1"), row.Address);
        Assert.Equal(1, row.Interface);
        Assert.Equal(0x0000_0002_0000_0001UL, row.Cookie);
        Assert.Equal(3u, row.ReceiveQueue);
        Assert.Equal(128u, row.SendQueue);
        Assert.Equal(33u, row.Uid);
        Assert.Equal(98765u, row.Inode);
        Assert.True(row.V6Only);
        Assert.Equal(4711UL, row.CgroupId);
    }

    [Fact]
    public void Ipv4_row_without_attributes_leaves_unknown_unknown()
    {
        Assert.True(First(Message(20, InetRow(InetDiag.AF_INET)), out InetDiag row));
        Assert.Equal(IpVersion.V4, row.Address.Version);
        Assert.Null(row.V6Only);
        Assert.Null(row.CgroupId);
    }

    [Fact]
    public void Every_truncation_is_refused_or_told()
    {
        for (int length = 0; length < Row.Length; length++)
        {
            NetlinkMessages messages = new(Row.AsSpan(0, length));
            bool any = messages.Next();
            Assert.False(any);
            Assert.Equal(length > 0, messages.Malformed is not null);
        }

        byte[] payload = InetRow(InetDiag.AF_INET6, Attribute(11, [1]));
        for (int length = 0; length < payload.Length; length++)
        {
            bool whole = length == 72 || length >= 77; // no attribute begun, or the one there whole but for its padding
            Assert.Equal(whole, InetDiag.TryDecode(payload.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(1000)]
    [InlineData(-1)]
    public void Header_with_an_impossible_length_ends_the_walk(int length)
    {
        byte[] message = (byte[])Row.Clone();
        BitConverter.TryWriteBytes(message, length);
        NetlinkMessages messages = new(message);

        Assert.False(messages.Next());
        Assert.Equal(0, messages.Malformed);
        Assert.False(messages.Next());
    }

    [Fact]
    public void Row_of_another_family_is_refused() => Assert.False(InetDiag.TryDecode(InetRow(17), out _));

    [Fact]
    public void Packet_row_is_decoded_with_filter_and_interface()
    {
        byte[] payload =
        [
            PacketDiag.AF_PACKET, 3, .. BitConverter.GetBytes((ushort)3), .. BitConverter.GetBytes(777u), .. BitConverter.GetBytes(5UL),
            .. Attribute(0, [.. BitConverter.GetBytes(2u), .. new byte[20]]), .. Attribute(5, BitConverter.GetBytes(1000u)), .. Attribute(7, new byte[24]),
        ];

        Assert.True(PacketDiag.TryDecode(payload, out PacketDiag row));
        Assert.Equal((3, 777u, 5UL, 2, 1000u, 3), (row.LinkProtocol, row.Inode, row.Cookie, row.Interface, row.Uid, row.FilterLength));
        Assert.False(PacketDiag.TryDecode(payload.AsSpan(0, 15), out _));
    }

    [Fact]
    public void Link_of_a_tunnel_tells_its_port()
    {
        byte[] data = Attribute(15, [0x12, 0xb5]);
        byte[] info = [.. Attribute(1, "vxlan\0"u8.ToArray()), .. Attribute(2, data)];
        byte[] payload =
        [
            0, 0, 0, 0, .. BitConverter.GetBytes(7), .. BitConverter.GetBytes(1u), 0, 0, 0, 0,
            .. Attribute(3, "vx0\0"u8.ToArray()), .. Attribute(18, info),
        ];

        Assert.True(RouteLink.TryDecode(payload, out RouteLink link));
        Assert.Equal((7, "vx0", "vxlan", 4789, true, false), (link.Index, link.Name, link.Kind, link.TunnelPort ?? 0, link.IsUp, link.IsLoopback));
    }

    [Theory]
    [InlineData("eth0", "eth0")]
    [InlineData("a-name-that-is-too-long", "a-name-that-is-")]
    public void Asking_for_an_interface_names_it_as_the_kernel_would(string name, string called)
    {
        NetlinkMessages messages = new(RouteLink.Creation(7, name, "dummy"));

        Assert.True(messages.Next());
        Assert.Equal(RouteLink.RTM_NEWLINK, messages.Type);
        Assert.True(RouteLink.TryDecode(messages.Payload, out RouteLink link));
        Assert.Equal((7, called, "dummy", false), (link.Index, link.Name, link.Kind, link.IsUp));
        Assert.False(messages.Next());
        Assert.Null(messages.Malformed);
    }

    [Fact]
    public void Own_address_of_a_point_to_point_link_is_not_the_peers()
    {
        byte[] payload =
        [
            2, 32, 0, 0, .. BitConverter.GetBytes(3),
            .. Attribute(1, [10, 0, 0, 2]), .. Attribute(2, [10, 0, 0, 1]),
        ];

        Assert.True(RouteAddress.TryDecode(payload, out RouteAddress row));
        Assert.Equal(IpAddress.Parse("10.0.0.1"), row.Address);
    }

    [Fact]
    public void Decoding_a_dump_allocates_nothing()
    {
        byte[] dump = Many(1000);
        Assert.Equal(1000, Count(dump));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = Count(dump);
        long after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(1000, count);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Decoders_survive_noise() => TextFuzz.RunBytes([.. Row, .. Row], bytes =>
    {
        NetlinkMessages messages = new(bytes);
        while (messages.Next())
        {
            InetDiag.TryDecode(messages.Payload, out _);
            PacketDiag.TryDecode(messages.Payload, out _);
            RouteLink.TryDecode(messages.Payload, out _);
            RouteAddress.TryDecode(messages.Payload, out _);
            _ = Netlink.ErrorIn(messages.Payload);
        }
    });

    private static int Count(byte[] dump)
    {
        int count = 0;
        NetlinkMessages messages = new(dump);
        while (messages.Next())
        {
            count += InetDiag.TryDecode(messages.Payload, out InetDiag row) && row.Port == 8080 ? 1 : 0;
        }

        return count;
    }

    private static byte[] Many(int count)
    {
        List<byte> bytes = [];
        for (int at = 0; at < count; at++)
        {
            bytes.AddRange(Row);
        }

        return [.. bytes];
    }

    private static bool First(byte[] message, out InetDiag row)
    {
        NetlinkMessages messages = new(message);
        row = default;
        return messages.Next() && InetDiag.TryDecode(messages.Payload, out row);
    }

    private static byte[] Message(ushort type, byte[] payload) =>
        [.. BitConverter.GetBytes(16 + payload.Length), .. BitConverter.GetBytes(type), 2, 0, .. new byte[8], .. payload];

    private static byte[] Attribute(int type, byte[] value) =>
        [.. BitConverter.GetBytes((ushort)(4 + value.Length)), .. BitConverter.GetBytes((ushort)type), .. value, .. new byte[(4 - (value.Length % 4)) % 4]];

    private static byte[] InetRow(byte family, params byte[][] attributes)
    {
        byte[] row = new byte[72];
        row[0] = family;
        row[1] = InetDiag.TCP_LISTEN;
        BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(4), 8080);
        row[family == InetDiag.AF_INET6 ? 23 : 8] = 1;
        BitConverter.TryWriteBytes(row.AsSpan(40), 1);
        BitConverter.TryWriteBytes(row.AsSpan(44), 1);
        BitConverter.TryWriteBytes(row.AsSpan(48), 2);
        BitConverter.TryWriteBytes(row.AsSpan(56), 3);
        BitConverter.TryWriteBytes(row.AsSpan(60), 128);
        BitConverter.TryWriteBytes(row.AsSpan(64), 33);
        BitConverter.TryWriteBytes(row.AsSpan(68), 98765);
        List<byte> all = [.. row];
        foreach (byte[] attribute in attributes)
        {
            all.AddRange(attribute);
        }

        return [.. all];
    }
}
