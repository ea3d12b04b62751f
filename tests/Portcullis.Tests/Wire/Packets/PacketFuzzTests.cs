using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

/// <summary>No bytes make a codec throw, and neither reading nor writing leaves anything for the collector.</summary>
public sealed class PacketFuzzTests
{
    private const int Seed = 20_261_122;

    public PacketFuzzTests() => TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");

    [Fact]
    public void Random_bytes_never_throw_whatever_they_are_read_as()
    {
        RandomPackets random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = random.Bytes(random.Random.Next(120));
            if (bytes.Length > 0 && round % 2 == 0)
            {
                bytes[0] = (byte)(random.Coin ? 0x40 | (bytes[0] & 0xf) : 0x60); // half of them look like IP, else few come further
            }

            SeeAll(bytes);
        }
    }

    [Fact]
    public void Spoiled_frames_never_throw_and_some_are_faulty()
    {
        RandomPackets random = new(Seed);
        int faulty = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = random.Spoiled();
            EveryAccessor.OfFrame(bytes);
            if (EthernetFrame.Read(bytes, out EthernetFrame frame) == PacketFault.None)
            {
                SeeAll(frame.Payload.ToArray());
            }

            faulty += IsFaulty(bytes) ? 1 : 0;
        }

        Assert.InRange(faulty, 5_000, 19_000);
    }

    [Fact]
    public void Every_truncation_of_a_frame_is_read_without_throwing()
    {
        RandomPackets random = new(Seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = random.Valid();
            for (int length = 0; length <= bytes.Length; length++)
            {
                EveryAccessor.OfFrame(bytes.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void Valid_frames_have_no_fault()
    {
        RandomPackets random = new(Seed);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = random.Valid();
            Assert.False(IsFaulty(bytes), Convert.ToHexString(bytes));
        }
    }

    [Fact]
    public void What_is_read_depends_on_the_bytes_alone_and_not_on_what_lies_behind_them()
    {
        RandomPackets random = new(Seed);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = random.Spoiled();
            byte[] longer = [.. bytes, .. random.Bytes(40)];
            Assert.Equal(EveryAccessor.OfFrame(bytes), EveryAccessor.OfFrame(longer.AsSpan(0, bytes.Length)));
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        RandomPackets random = new(Seed);
        byte[][] frames = new byte[500][];
        for (int at = 0; at < frames.Length; at++)
        {
            frames[at] = at % 2 == 0 ? random.Valid() : random.Spoiled();
        }

        ulong first = Sum(frames);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ulong second = Sum(frames);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, taken);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        RandomPackets random = new(Seed);
        byte[] to = new byte[256];
        byte[] payload = random.Bytes(20);
        int first = WriteAll(to, payload);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int second = 0;
        for (int round = 0; round < 100; round++)
        {
            second += WriteAll(to, payload);
        }

        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, taken);
        Assert.Equal(100 * first, second);
    }

    private static int WriteAll(Span<byte> to, ReadOnlySpan<byte> payload)
    {
        IpAddress four = IpAddress.FromV4(0xc000_0201);
        IpAddress six = IpAddress.FromV6(0x2001_0db8_0000_0000, 1);
        MacAddress mac = new(0x0200_0000_0001);
        TcpOptions options = new() { SegmentSize = 1460, WindowScale = 7, SackIsPermitted = true, Timestamp = (1, 2), FirstSack = (3, 4) };
        Span<byte> room = stackalloc byte[TcpOptions.MostBytes];
        int length = EthernetFrame.WriteHeader(to, mac, MacAddress.Broadcast, EthernetFrame.IPv6) + new ArpPacket(true, mac, four, mac, four).Write(to);
        length += new Ipv4Header { Protocol = 6, Source = four, Destination = four }.Write(to, payload.Length);
        length += new Ipv6Header { NextHeader = 6, Source = six, Destination = six }.Write(to, payload.Length);
        length += new TcpHeader { Control = TcpControl.Syn }.Write(to, four, four, room[..options.Write(room)], payload);
        length += UdpDatagram.Write(to, six, six, 1, 2, payload) + IcmpMessage.Write(to, four, four, 8, 0, 1, payload);
        return length + new NeighbourMessage(true, six, mac).Write(to, six, six);
    }

    private static ulong Sum(byte[][] frames)
    {
        ulong sum = 0;
        foreach (byte[] frame in frames)
        {
            sum += EveryAccessor.OfFrame(frame);
        }

        return sum;
    }

    private static void SeeAll(byte[] bytes)
    {
        EveryAccessor.OfFrame(bytes);
        EveryAccessor.OfArp(bytes);
        EveryAccessor.OfPacket(bytes, isQuoted: false);
        EveryAccessor.OfPacket(bytes, isQuoted: true);
        EveryAccessor.OfTransport(bytes, IpAddress.AnyV4, IpAddress.AnyV4, isQuoted: false);
        _ = TcpOptions.Read(bytes).Texts();
    }

    private static bool IsFaulty(byte[] bytes)
    {
        if (EthernetFrame.Read(bytes, out EthernetFrame frame) != PacketFault.None)
        {
            return true;
        }

        return frame.EtherType switch
        {
            EthernetFrame.Arp => ArpPacket.Read(frame.Payload, out _) != PacketFault.None,
            EthernetFrame.IPv4 or EthernetFrame.IPv6 => IpPacket.Read(frame.Payload, out IpPacket packet) != PacketFault.None || IsFaulty(packet),
            _ => false,
        };
    }

    private static bool IsFaulty(IpPacket packet)
    {
        PacketFault fault = (packet.IsLaterFragment, packet.Protocol) switch
        {
            (true, _) => PacketFault.None,
            (_, TcpSegment.Number) => TcpSegment.Read(packet.Payload, out _),
            (_, UdpDatagram.Number) => UdpDatagram.Read(packet.Payload, out _),
            (_, IcmpMessage.Number or IcmpMessage.NumberV6) => IcmpMessage.Read(packet.Payload, packet.Source.Version, out _),
            _ => PacketFault.None,
        };
        return fault != PacketFault.None;
    }
}
