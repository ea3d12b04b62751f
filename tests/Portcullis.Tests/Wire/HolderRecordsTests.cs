using System;
using System.Collections.Generic;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

public sealed class HolderRecordsTests
{
    private const int Seed = 20_261_121;

    private static readonly HolderRecord[] Sample =
    [
        new(HolderRecordKind.Socket, 812, 4_026_531_840),
        new(HolderRecordKind.Namespace, 1, ulong.MaxValue),
        new(HolderRecordKind.HeldNamespace, int.MaxValue, 0),
        new(HolderRecordKind.DescriptorsUnreadable, 7, 13),
        new(HolderRecordKind.NamespaceUnreadable, 7, 13),
        new(HolderRecordKind.ThreadsUnreadable, 9, 38),
        new(HolderRecordKind.ProcessesHidden, 0, 0),
        new(HolderRecordKind.SocketIn, 812, (4_026_531_840UL << 32) | 7),
        new(HolderRecordKind.SharedSocketIn, 812, ulong.MaxValue),
        new(HolderRecordKind.SocketsUnasked, 812, 38),
    ];

    [Fact]
    public void Every_kind_of_record_is_read_as_it_was_written()
    {
        (List<HolderRecord> read, int brokenAt) = ReadAll(Bytes(Sample));
        Assert.Equal(Sample, read);
        Assert.Equal(-1, brokenAt);
    }

    [Fact]
    public void The_bytes_are_those_of_the_diagram()
    {
        byte[] bytes = Bytes(new HolderRecord(HolderRecordKind.HeldNamespace, 0x01020304, 0x1122334455667788));
        Assert.Equal("03000000" + "04030201" + "8877665544332211", Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(0u, 1u, 1ul)] // no kind
    [InlineData(11u, 1u, 1ul)] // unknown kind
    [InlineData(8u, 1u, 1ul)] // no namespace
    [InlineData(9u, 1u, 1ul << 32)] // no socket
    [InlineData(8u, 0u, (1ul << 32) | 1)] // no process
    [InlineData(10u, 1u, 4096ul)] // no errno
    [InlineData(uint.MaxValue, 1u, 1ul)]
    [InlineData(1u, 0u, 1ul)] // no process
    [InlineData(2u, 0x80000000u, 1ul)] // negative process
    [InlineData(4u, 1u, 4096ul)] // no errno
    [InlineData(7u, 1u, 0ul)] // all processes, yet one named
    public void An_impossible_record_is_left_out_and_its_place_told(uint kind, uint pid, ulong value)
    {
        byte[] bytes = Bytes(Sample[0], default, Sample[1]);
        BitConverter.TryWriteBytes(bytes.AsSpan(16), kind);
        BitConverter.TryWriteBytes(bytes.AsSpan(20), pid);
        BitConverter.TryWriteBytes(bytes.AsSpan(24), value);
        (List<HolderRecord> read, int brokenAt) = ReadAll(bytes);
        Assert.Equal([Sample[0], Sample[1]], read);
        Assert.Equal(16, brokenAt);
    }

    [Fact]
    public void Every_truncation_keeps_the_whole_records_and_tells_of_the_rest()
    {
        byte[] bytes = Bytes(Sample);
        for (int length = 0; length <= bytes.Length; length++)
        {
            (List<HolderRecord> read, int brokenAt) = ReadAll(bytes.AsSpan(0, length));
            Assert.Equal(Sample[..(length / 16)], read);
            Assert.Equal(length % 16 == 0 ? -1 : length / 16 * 16, brokenAt);
        }
    }

    [Fact]
    public void Random_bytes_end_in_records_or_a_broken_place_and_never_throw()
    {
        Random random = new(Seed);
        byte[] bytes = new byte[512];
        for (int round = 0; round < 20_000; round++)
        {
            Span<byte> some = bytes.AsSpan(0, random.Next(bytes.Length));
            random.NextBytes(some);
            for (int at = 0; at + 16 <= some.Length; at += 16)
            {
                // Kinds that exist, or nothing would ever pass.
                some[at] = (byte)random.Next(12);
                some.Slice(at + 1, random.Next(4)).Clear();
            }

            (List<HolderRecord> read, int brokenAt) = ReadAll(some);
            Assert.True(read.Count * 16 == some.Length || brokenAt >= 0, $"seed {Seed}, round {round}");
            HolderIndex holders = HolderIndex.Read(some);
            Assert.Equal(brokenAt < 0 ? null : brokenAt, holders.BrokenAt);
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] bytes = Bytes(Sample);
        _ = Count(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = Count(bytes);
        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Sample.Length, count);
        Assert.Equal(before, after);
    }

    internal static byte[] Bytes(params ReadOnlySpan<HolderRecord> records)
    {
        byte[] bytes = new byte[records.Length * HolderRecords.RecordSize];
        for (int at = 0; at < records.Length; at++)
        {
            HolderRecords.Write(bytes.AsSpan(at * HolderRecords.RecordSize), records[at]);
        }

        return bytes;
    }

    private static (List<HolderRecord> Read, int BrokenAt) ReadAll(ReadOnlySpan<byte> bytes)
    {
        List<HolderRecord> read = [];
        HolderRecords records = new(bytes);
        while (records.MoveNext(out HolderRecord record))
        {
            read.Add(record);
        }

        Assert.False(records.MoveNext(out _));
        return (read, records.BrokenAt);
    }

    private static int Count(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        HolderRecords records = new(bytes);
        while (records.MoveNext(out _))
        {
            count++;
        }

        return count;
    }
}
