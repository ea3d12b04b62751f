using System;
using System.Collections.Generic;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Xunit;

namespace Portcullis.Tests.Linux.Sockets;

public sealed class PeerTableTests
{
    private static readonly HashSet<IpAddress> Own = [IpAddress.Parse("192.0.2.1")];

    [Fact]
    public void Peers_are_told_apart_by_whose_their_address_is()
    {
        Door door = new([.. Row(5432, "127.0.0.1"), .. Row(5432, "192.0.2.1"), .. Row(5432, "192.0.2.2"), .. Row(9000, "127.8.0.1")], [.. Row(9000, "::1"), .. Row(9000, "::ffff:192.0.2.1"), .. Row(8000, "2001:db8::1")]);

        PeerInventory peers = PeerTable.Read(door, [5432, 8000, 9000], Own);

        Assert.Equal([new PeerCount(5432, 2, 1), new PeerCount(8000, 0, 1), new PeerCount(9000, 3, 0)], peers.Peers!.Value);
        Assert.Empty(peers.Gaps);
    }

    [Fact]
    public void Kernel_that_does_not_know_the_filter_leaves_it_unknown()
    {
        Assert.Null(PeerTable.Read(new Door(null, null), [1], Own).Peers);
    }

    [Fact]
    public void Malformed_answers_are_a_gap_and_never_an_exception()
    {
        byte[] valid = [.. Row(5432, "127.0.0.1"), .. Row(9000, "::1")];
        Random random = new(5);
        for (int length = 0; length < valid.Length; length++)
        {
            byte[] bytes = valid[..length];
            if (length > 0)
            {
                bytes[random.Next(length)] ^= (byte)(1 << random.Next(8));
            }

            PeerInventory peers = PeerTable.Read(new Door(bytes, []), [5432], Own);
            Assert.True(peers.Peers is not null || peers.Gaps.Length == 1);
        }
    }

    private static byte[] Row(int port, string peer)
    {
        IpAddress address = IpAddress.Parse(peer);
        byte[] message = new byte[16 + 72];
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)20);
        Span<byte> row = message.AsSpan(16);
        row[0] = address.Version == IpVersion.V4 ? (byte)2 : (byte)10;
        row[1] = 1;
        row[4] = (byte)(port >> 8);
        row[5] = (byte)port;
        System.Net.IPAddress.Parse(peer).GetAddressBytes().CopyTo(row[24..]);
        return message;
    }

    /// <summary>Answers for IPv4, then for IPv6; null where the kernel refuses.</summary>
    private sealed class Door(byte[]? v4, byte[]? v6) : INetworkDoor
    {
        public Answer Ask(int protocol, byte[] request) => (request[16] == 2 ? v4 : v6) is byte[] answer ? Answer.Of(answer) : Answer.Refused(Errno.EINVAL);

        public Answer Programs(uint attachment, int index) => Answer.Refused(Errno.EINVAL);

        public Answer ProcNet(string name) => Answer.Refused(Errno.ENOENT);

        public Answer Option(int level, int option, byte[] question, int length) => Answer.Refused(Errno.ENOENT);

        public Answer WireGuardPort(int index) => Answer.Refused(Errno.ENOENT);
    }
}
