using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Portcullis.KernelTests.Firewall;
using Portcullis.KernelTests.Lab;
using Portcullis.Os.Linux.Packets;
using Xunit;

namespace Portcullis.KernelTests.Packets;

/// <summary>The filter of what may answer probes, in the kernel, on a link of its own.</summary>
public sealed class AnswerFilterTests
{
    private const int Seed = 20_261_125;
    private const int Count = 3_000;

    [Theory]
    [InlineData("10.9.0.2", EthernetFrame.IPv4)]
    [InlineData("2001:db8:9::2", EthernetFrame.IPv6)]
    public async Task Filter_leaves_what_may_answer_and_nothing_else(string address, ushort type)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        using Lab.NetworkNamespace scanner = await Lab.NetworkNamespace.Create();
        using Lab.NetworkNamespace host = await Lab.NetworkNamespace.Create();
        (await Command.Run("ip", "link", "add", "va", "netns", scanner.Name, "type", "veth", "peer", "name", "vb", "netns", host.Name)).MustSucceed();
        (await scanner.Run("ip", "link", "set", "va", "up")).MustSucceed();
        (await host.Run("ip", "link", "set", "vb", "up")).MustSucceed();
        int index = int.Parse((await host.Run("cat", "/sys/class/net/vb/ifindex")).MustSucceed(), CultureInfo.InvariantCulture);

        IpAddress target = IpAddress.Parse(address);
        Random random = new(Seed);
        FilteredPacket[] packets = [.. Enumerable.Range(1, Count).Select(number => FilteredPacket.Make(random, target, (ushort)number))];
        using PacketRing ring = scanner.Do(() => PacketRing.Open(target.Version, AnswerFilter.For(target, FilteredPacket.FirstPort, FilteredPacket.LastPort)));
        using PacketSocket sender = host.Do(() => new PacketSocket(index));
        HashSet<int> heard = Exchange(ring, sender, packets, type);

        Assert.Equal(0u, ring.Lost());
        Assert.InRange(packets.Count(static packet => packet.MayAnswer), Count / 10, Count * 9 / 10);
        Assert.Empty(packets.Where((packet, at) => packet.MayAnswer != heard.Contains(at)).Select(packet => $"{(packet.MayAnswer ? "missing" : "not wanted")}: {packet.What}"));
    }

    /// <summary>Sends all; tells which of them were heard.</summary>
    private static HashSet<int> Exchange(PacketRing ring, PacketSocket sender, FilteredPacket[] packets, ushort type)
    {
        HashSet<int> heard = [];
        byte[] header = new byte[EthernetFrame.HeaderLength];
        EthernetFrame.WriteHeader(header, MacAddress.Broadcast, new MacAddress(0x0200_0000_0001), type);
        for (int at = 0; at < packets.Length; at++)
        {
            sender.Send([.. header, .. packets[at].Bytes]);
            ring.Drain(64, Hear);
        }

        long end = Environment.TickCount64 + 2_000;
        int expected = packets.Count(static packet => packet.MayAnswer);
        while (heard.Count < expected && Environment.TickCount64 < end)
        {
            ring.Wait(10_000);
            ring.Drain(64, Hear);
        }

        ring.Wait(50_000); // what should not come may come late
        ring.Drain(packets.Length, Hear);
        return heard;

        // The kernel itself sends on the link, too: what was not sent from here is left out.
        void Hear(ReadOnlySpan<byte> bytes, long stamp, bool isChecked, int entrance)
        {
            int number = bytes.Length < 20 ? 0 : bytes[0] >> 4 == 4 ? BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            if (number > 0 && number <= packets.Length && bytes.SequenceEqual(packets[number - 1].Bytes))
            {
                heard.Add(number - 1);
            }
        }
    }
}
