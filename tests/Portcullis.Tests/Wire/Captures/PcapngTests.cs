using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Wire.Captures;
using Portcullis.Tests.Text;
using Xunit;

namespace Portcullis.Tests.Wire.Captures;

/// <summary>Capture files: what is written is read, in either byte order, and hostile files end in a word and not in an exception.</summary>
public sealed class PcapngTests
{
    private const ulong Time = 1_795_000_000_123_456_789;

    [Fact]
    public void What_is_written_is_read_again()
    {
        PcapngReader reader = new(Sample());
        List<CaptureRecord> packets = All(reader);
        Assert.Equal([3, 0, 5], packets.Select(static one => one.Length));
        Assert.Equal([80, 1, 2], packets[0].Bytes.ToArray());
        Assert.Equal([255, 1, 2, 3, 4], packets[2].Bytes.ToArray());
        Assert.Equal([true, false, null], packets.Select(static one => one.IsOutgoing));
        Assert.Equal(["first", null, null], packets.Select(static one => one.Comment));
        Assert.Null(reader.Fault);
        Assert.Equal("a trace", reader.Comment);
    }

    [Fact]
    public void Times_are_kept_to_the_nanosecond_and_simple_packets_have_none()
    {
        List<CaptureRecord> packets = All(new PcapngReader(Sample()));
        Assert.Equal([Time, Time + 1, null], packets.Select(static one => one.Nanoseconds));
        Assert.All(packets, static one => Assert.Equal(PcapngWriter.RawIp, one.LinkType));
    }

    [Theory]
    [InlineData(null, 1_000_000ul, 1_000_000_000ul)] // microseconds, where nothing is told
    [InlineData((byte)3, 1500ul, 1_500_000_000ul)]
    [InlineData((byte)12, 5_000ul, 5ul)]
    [InlineData((byte)0x81, 3ul, 1_500_000_000ul)] // halves of a second
    [InlineData((byte)0x80, 2ul, 2_000_000_000ul)]
    [InlineData((byte)0, ulong.MaxValue, null)] // beyond what can be told
    [InlineData((byte)0xff, 1ul, null)]
    public void Either_byte_order_and_any_resolution_is_read(byte? resolution, ulong units, ulong? expected)
    {
        foreach (bool isBig in (bool[])[true, false])
        {
            CaptureRecord packet = Assert.Single(All(new PcapngReader(Foreign(isBig, resolution, units))));
            Assert.Equal(expected, packet.Nanoseconds);
            Assert.Equal(1, packet.LinkType);
            Assert.Equal([1, 2, 3, 4, 5], packet.Bytes.ToArray());
            Assert.Equal(60, packet.Length);
        }
    }

    [Fact]
    public void Faults_are_told_with_their_place()
    {
        byte[] sample = Sample();
        PcapngReader cut = new(sample.AsMemory(0, sample.Length - 4));
        Assert.Equal(2, All(cut).Count);
        Assert.NotNull(cut.Fault);
        PcapngReader other = new(new byte[100]);
        Assert.Empty(All(other));
        Assert.Equal(0, other.Fault?.Offset);
    }

    [Fact]
    public void Hostile_files_end_without_exception() => TextFuzz.RunBytes(Sample(), static bytes => All(new PcapngReader(bytes)));

    private static byte[] Sample()
    {
        ArrayBufferWriter<byte> file = new();
        PcapngWriter writer = new(file, PcapngWriter.RawIp, "tests", "a trace");
        writer.Packet(Time, [80, 1, 2], isOutgoing: true, "first");
        writer.Packet(Time + 1, [], isOutgoing: false);
        writer.Packet([255, 1, 2, 3, 4]);
        return file.WrittenSpan.ToArray();
    }

    /// <summary>A file as another program may write it: one Ethernet interface and a packet that is cut off.</summary>
    private static byte[] Foreign(bool isBig, byte? resolution, ulong units) =>
    [
        .. Block(0x0a0d0d0a, [.. Number(0x1a2b3c4d), .. Half(1), .. Half(0), .. Number(uint.MaxValue), .. Number(uint.MaxValue)], isBig),
        .. Block(0xbad, [1, 2, 3, 4], isBig),
        .. Block(1, [.. Half(1), .. Half(0), .. Number(96), .. resolution is byte told ? [.. Half(9), .. Half(1), told, 0, 0, 0, .. Half(0), .. Half(0)] : (byte[])[]], isBig),
        .. Block(6, [.. Number(0), .. Number((uint)(units >> 32)), .. Number((uint)units), .. Number(5), .. Number(60), 1, 2, 3, 4, 5, 0, 0, 0], isBig),
    ];

    private static byte[] Block(uint type, byte[] body, bool isBig)
    {
        byte[] block = [.. Number(type), .. Number((uint)body.Length + 12), .. body, .. Number((uint)body.Length + 12)];
        return isBig ? block : Little(block, type);
    }

    // The bodies above are written big-endian; every field of them is turned around for the other order.
    private static byte[] Little(byte[] block, uint type)
    {
        byte[] turned = [.. block];
        int[] halves = type switch { 0x0a0d0d0a => [12, 14], 1 => block.Length > 20 ? [8, 10, 16, 18, 24, 26] : [8, 10], _ => [] };
        int[] numbers = type switch { 0x0a0d0d0a => [0, 4, 8, 16, 20, 24], 1 => [0, 4, 12, block.Length - 4], 6 => [0, 4, 8, 12, 16, 20, 24, block.Length - 4], _ => [0, 4, block.Length - 4] };
        foreach (int at in halves)
        {
            turned.AsSpan(at, 2).Reverse();
        }

        foreach (int at in numbers)
        {
            turned.AsSpan(at, 4).Reverse();
        }

        return turned;
    }

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Half(ushort number) => [(byte)(number >> 8), (byte)number];

    private static List<CaptureRecord> All(PcapngReader reader)
    {
        List<CaptureRecord> packets = [];
        while (reader.Next() is CaptureRecord packet)
        {
            packets.Add(packet);
        }

        return packets;
    }
}
