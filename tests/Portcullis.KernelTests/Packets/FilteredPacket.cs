using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.KernelTests.Packets;

/// <summary>A packet that comes to a scanner, and whether it may be an answer.</summary>
/// <param name="Bytes">From its IP header on.</param>
/// <param name="MayAnswer">Whether the filter has to leave it.</param>
/// <param name="What">In words.</param>
internal sealed record FilteredPacket(byte[] Bytes, bool MayAnswer, string What)
{
    internal const ushort FirstPort = 40_000;
    internal const ushort LastPort = 40_003;

    // Extension headers may have TCP behind them, and are looked at later.
    private static readonly byte[] s_passed = [0, 43, 44, 60];
    private static readonly byte[] s_protocols = [TcpSegment.Number, TcpSegment.Number, TcpSegment.Number, TcpSegment.Number, 1, 58, 17, 2, 41, 51, 0, 43, 44, 60];

    /// <summary>Makes one that matches, or misses by little.</summary>
    /// <param name="random">Chooses.</param>
    /// <param name="target">The target.</param>
    /// <param name="number">Marks it: 1 to 65535.</param>
    internal static FilteredPacket Make(Random random, IpAddress target, ushort number)
    {
        bool isFour = target.Version == IpVersion.V4;
        byte protocol = s_protocols[random.Next(s_protocols.Length)];
        bool isTarget = random.Next(3) > 0;
        IpAddress source = isTarget ? target : Near(target, random.Next(isFour ? 32 : 128));
        ushort port = random.Next(8) == 0 ? (ushort)(FirstPort ^ (1 << random.Next(16))) : (ushort)random.Next(FirstPort - 2, LastPort + 3);
        byte[] segment = new byte[24];
        new TcpHeader { SourcePort = FirstPort, DestinationPort = port, Sequence = 0x9c40_9c40, Control = TcpControl.Ack }.Write(segment, target, target, [1, 1, 1, 0]);
        byte[] payload = random.Next(6) == 0 ? segment[..random.Next(8)] : segment;
        byte[] options = new byte[isFour && random.Next(3) == 0 ? 4 * random.Next(11) : 0];
        Array.Fill(options, (byte)(FirstPort >> 8)); // so that who forgets them finds no port either

        byte[] bytes = new byte[(isFour ? Ipv4Packet.LeastHeader : Ipv6Packet.HeaderLength) + options.Length + payload.Length];
        int header = isFour
            ? new Ipv4Header { Identification = number, TimeToLive = 64, Protocol = protocol, Source = source, Destination = target }.Write(bytes, payload.Length, options)
            : new Ipv6Header { FlowLabel = number, HopLimit = 64, NextHeader = protocol, Source = source, Destination = target }.Write(bytes, payload.Length);
        payload.CopyTo(bytes, header);
        bool answersTcp = protocol == TcpSegment.Number && isTarget && payload.Length >= 4 && port is >= FirstPort and <= LastPort;
        bool mayAnswer = answersTcp || (isFour ? protocol == IcmpMessage.Number : protocol == IcmpMessage.NumberV6 || Array.IndexOf(s_passed, protocol) >= 0);
        return new FilteredPacket(bytes, mayAnswer, $"protocol {protocol} from {source} to port {port}, {options.Length} bytes of options, {payload.Length} of data");
    }

    private static IpAddress Near(IpAddress address, int bit) => address.Version == IpVersion.V4
        ? IpAddress.FromV4((uint)address.Low ^ (1u << bit))
        : IpAddress.FromV6(address.High ^ (bit < 64 ? 0 : 1ul << (bit - 64)), address.Low ^ (bit < 64 ? 1ul << bit : 0));
}
