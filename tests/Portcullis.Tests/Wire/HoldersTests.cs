using System;
using System.Linq;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

public sealed class HolderIndexTests
{
    private const int Seed = 20_261_122;

    [Fact]
    public void A_socket_has_all_its_holders_once_and_ascending()
    {
        HolderIndex holders = Read(
            new(HolderRecordKind.Socket, 30, 5),
            new(HolderRecordKind.Socket, 10, 5),
            new(HolderRecordKind.Socket, 20, 5),
            new(HolderRecordKind.Socket, 10, 5),
            new(HolderRecordKind.Socket, 40, 6));
        Assert.Equal([10, 20, 30], holders.ForSocket(5).ToArray());
        Assert.Equal([40], holders.ForSocket(6).ToArray());
        Assert.True(holders.ForSocket(7).IsEmpty);
        Assert.Equal(2, holders.SocketCount);
    }

    [Fact]
    public void A_namespace_is_told_with_the_lowest_process_in_it_apart_from_those_held_by_descriptors()
    {
        HolderIndex holders = Read(
            new(HolderRecordKind.Namespace, 30, 4_026_532_000),
            new(HolderRecordKind.Namespace, 7, 4_026_532_000),
            new(HolderRecordKind.Namespace, 1, 4_026_531_840),
            new(HolderRecordKind.HeldNamespace, 9, 4_026_532_999),
            new(HolderRecordKind.HeldNamespace, 8, 4_026_532_999));
        Assert.Equal(
            [new(HolderRecordKind.Namespace, 1, 4_026_531_840), new(HolderRecordKind.Namespace, 7, 4_026_532_000)],
            holders.Namespaces.AsSpan());
        Assert.Equal([new HolderRecord(HolderRecordKind.HeldNamespace, 8, 4_026_532_999)], holders.HeldNamespaces);
        Assert.Equal([7, 30], holders.InNamespace(4_026_532_000).ToArray());
        Assert.Equal([8, 9], holders.ForNamespace(4_026_532_999).ToArray());
        Assert.True(holders.ForSocket(4_026_532_999).IsEmpty);
    }

    [Fact]
    public void What_was_not_seen_is_told_once_and_in_order()
    {
        HolderIndex holders = Read(
            new(HolderRecordKind.ProcessesHidden, 0, 0),
            new(HolderRecordKind.DescriptorsUnreadable, 12, 13),
            new(HolderRecordKind.DescriptorsUnreadable, 11, 13),
            new(HolderRecordKind.DescriptorsUnreadable, 12, 13),
            new(HolderRecordKind.ThreadsUnreadable, 5, 38));
        Assert.Equal([11, 12], holders.Unreadable);
        Assert.Equal(
            [
                new(HolderRecordKind.DescriptorsUnreadable, 11, 13),
                new(HolderRecordKind.DescriptorsUnreadable, 12, 13),
                new(HolderRecordKind.ThreadsUnreadable, 5, 38),
                new(HolderRecordKind.ProcessesHidden, 0, 0),
            ],
            holders.Unseen.AsSpan());
    }

    [Fact]
    public void Sockets_are_told_with_their_namespaces_a_few_of_each_and_whether_they_share_a_port()
    {
        const ulong Home = 4_026_531_840UL << 32;
        const ulong Hidden = 4_026_532_999UL << 32;
        HolderIndex holders = Read(
            new(HolderRecordKind.SocketIn, 10, Home | 1),
            new(HolderRecordKind.SharedSocketIn, 11, Hidden | 2),
            new(HolderRecordKind.SocketIn, 10, Home | 3),
            new(HolderRecordKind.SharedSocketIn, 12, Hidden | 2),
            new(HolderRecordKind.SocketIn, 10, Home | 4),
            new(HolderRecordKind.SocketIn, 10, Home | 5),
            new(HolderRecordKind.Socket, 13, 6),
            new(HolderRecordKind.SocketsUnasked, 13, 1));
        Assert.Equal(
            [new(Home >> 32, 1, 10), new(Home >> 32, 3, 10), new(Home >> 32, 4, 10), new(Hidden >> 32, 2, 11), new(Hidden >> 32, 2, 12)],
            holders.SocketNamespaces.AsSpan());
        Assert.Equal([11, 12], holders.ForSocket(2).ToArray());
        Assert.Equal([10], holders.ForSocket(5).ToArray());
        Assert.Equal((true, false, null, null), (holders.SharesPort(2), holders.SharesPort(5), holders.SharesPort(6), holders.SharesPort(7)));
        Assert.Equal([new HolderRecord(HolderRecordKind.SocketsUnasked, 13, 1)], holders.Unasked);
        Assert.Empty(holders.Unseen);
        Assert.Empty(holders.Namespaces);
    }

    [Fact]
    public void Nothing_is_read_of_nothing()
    {
        HolderIndex holders = HolderIndex.Read(default);
        Assert.Equal(0, holders.SocketCount);
        Assert.Empty(holders.Namespaces);
        Assert.Empty(holders.Unseen);
        Assert.Null(holders.BrokenAt);
        Assert.True(holders.ForSocket(0).IsEmpty);
    }

    [Fact]
    public void A_broken_tail_is_told_and_the_rest_is_used()
    {
        byte[] bytes = [.. HolderRecordsTests.Bytes(new HolderRecord(HolderRecordKind.Socket, 3, 4)), 1, 0, 0];
        HolderIndex holders = HolderIndex.Read(bytes);
        Assert.Equal(16, holders.BrokenAt);
        Assert.Equal([3], holders.ForSocket(4).ToArray());
    }

    [Fact]
    public void Any_set_of_records_is_looked_up_as_a_dictionary_would()
    {
        Random random = new(Seed);
        for (int round = 0; round < 300; round++)
        {
            int many = random.Next(300);
            HolderRecord[] records = new HolderRecord[many];
            for (int at = 0; at < many; at++)
            {
                // Few and many different inodes, small ones and such as use every byte.
                ulong inode = (ulong)random.Next(1, 40) << (round % 2 == 0 ? 0 : random.Next(58));
                records[at] = new HolderRecord(HolderRecordKind.Socket, random.Next(1, round % 3 == 0 ? 50 : int.MaxValue), inode);
            }

            HolderIndex holders = Read(records);
            foreach (IGrouping<ulong, HolderRecord> group in records.GroupBy(record => record.Value))
            {
                int[] expected = [.. group.Select(record => record.Pid).Distinct().Order()];
                Assert.True(expected.AsSpan().SequenceEqual(holders.ForSocket(group.Key)), $"seed {Seed}, round {round}");
            }

            Assert.Equal(records.Select(record => record.Value).Distinct().Count(), holders.SocketCount);
        }
    }

    private static HolderIndex Read(params ReadOnlySpan<HolderRecord> records) => HolderIndex.Read(HolderRecordsTests.Bytes(records));
}
