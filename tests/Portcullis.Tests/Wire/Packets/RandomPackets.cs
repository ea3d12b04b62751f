using System;
using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Tests.Wire.Packets;

/// <summary>Headers, packets and frames of every kind that the codecs know, from a seed: valid, and spoiled.</summary>
/// <remarks>The kernel tests give the same frames to another dissector.</remarks>
internal sealed class RandomPackets
{
    internal const byte HopByHop = 0;
    internal const byte Routing = 43;
    internal const byte Fragment = 44;
    internal const byte Authentication = 51;
    internal const byte NoNext = 59;
    internal const byte DestinationOptions = 60;
    internal const byte Mobility = 135;
    internal const byte HostIdentity = 139;
    internal const byte Shim6 = 140;

    // Hop-by-hop options stand first (RFC 8200, 4.1); nothing follows the headers of mobility and host identity (RFC 6275, 6.1.1; RFC 7401, 5.1).
    private static readonly byte[] s_inner = [Routing, Fragment, Authentication, DestinationOptions, DestinationOptions];

    internal RandomPackets(int seed) => Random = new Random(seed);

    internal Random Random { get; }

    internal bool Coin => Random.Next(2) == 0;

    internal byte Byte => (byte)Random.Next(256);

    internal ushort Number => (ushort)Random.Next(65536);

    internal uint Word => (uint)Random.NextInt64(1L << 32);

    internal MacAddress Mac => new((ulong)Random.NextInt64(1L << 48) & ~(1ul << 40)); // no group

    internal byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        Random.NextBytes(bytes);
        return bytes;
    }

    internal IpAddress Address(IpVersion version) => version == IpVersion.V4
        ? IpAddress.FromV4((uint)Random.NextInt64(0x0100_0000, 0xe000_0000))
        : IpAddress.FromV6(0x2001_0db8_0000_0000ul | Word, ((ulong)Word << 32) | Word);

    internal Ipv4Header FourHeader(byte protocol, IpAddress source, IpAddress destination)
    {
        bool isPart = Random.Next(10) == 0;
        return new Ipv4Header
        {
            TrafficClass = Byte,
            Identification = Number,
            DontFragment = Coin,
            MoreFragments = isPart && Coin,
            FragmentOffset = isPart && Coin ? Random.Next(8192) * 8 : 0,
            TimeToLive = Byte,
            Protocol = protocol,
            Source = source,
            Destination = destination,
        };
    }

    internal Ipv6Header SixHeader(byte next, IpAddress source, IpAddress destination) => new()
    {
        TrafficClass = Byte,
        FlowLabel = Random.Next(0x10_0000),
        NextHeader = next,
        HopLimit = Coin ? byte.MaxValue : Byte,
        Source = source,
        Destination = destination,
    };

    internal TcpHeader TcpHeader() => new()
    {
        SourcePort = Number,
        DestinationPort = Number,
        Sequence = Word,
        Acknowledgement = Word,
        Control = (TcpControl)Random.Next(512),
        Window = Number,
        Urgent = Number,
    };

    internal TcpOptions TcpOptions() => new()
    {
        SegmentSize = Coin ? Number : null,
        WindowScale = Coin ? Byte : null,
        SackIsPermitted = Coin,
        Timestamp = Coin ? (Word, Word) : null,
        FirstSack = Coin ? (Word, Word) : null,
    };

    internal ArpPacket Arp() => new(Coin, Mac, Address(IpVersion.V4), Mac, Address(IpVersion.V4));

    internal NeighbourMessage Neighbour() => new(Coin, Address(IpVersion.V6), Coin ? Mac : null);

    /// <summary>One extension header of IPv6 of so many units of 8 bytes; an authentication header is 16 bytes longer.</summary>
    internal byte[] Extension(byte kind, byte next, int units = 1, ushort fragment = 0)
    {
        byte[] header = kind switch
        {
            Fragment => [next, 0, (byte)(fragment >> 8), (byte)fragment, .. Bytes(4)],
            Authentication => [next, (byte)((2 * units) + 2), 0, 0, .. Bytes((8 * units) + 12)],
            Routing => [next, (byte)(units - 1), 253, 0, .. Bytes((8 * units) - 4)], // a type for experiments (RFC 4727), at its end
            HopByHop or DestinationOptions => [next, (byte)(units - 1), 1, (byte)((8 * units) - 4), .. new byte[(8 * units) - 4]], // PadN
            _ => [next, (byte)(units - 1), .. Bytes((8 * units) - 2)],
        };
        return header;
    }

    /// <summary>A chain of extension headers before a protocol.</summary>
    internal (byte First, byte[] Bytes) Extensions(byte protocol)
    {
        byte[] bytes = [];
        byte next = protocol;
        for (int count = Coin ? 0 : Random.Next(1, 4); count > 0; count--)
        {
            byte kind = s_inner[Random.Next(s_inner.Length)];
            ushort part = (ushort)(Random.Next(3) == 0 ? Number & 0xfff9 : 0);
            bytes = [.. Extension(kind, next, Random.Next(1, 4), part), .. bytes];
            next = kind;
        }

        return Random.Next(4) == 0 ? (HopByHop, [.. Extension(HopByHop, next, Random.Next(1, 3)), .. bytes]) : (next, bytes);
    }

    /// <summary>A packet with what it carries.</summary>
    internal byte[] Packet(IpVersion version)
    {
        IpAddress source = Address(version);
        IpAddress destination = Address(version);
        (byte protocol, byte[] payload) = Transport(source, destination);
        return version == IpVersion.V4 ? Four(FourHeader(protocol, source, destination), payload) : Six(protocol, payload, source, destination);
    }

    internal byte[] Valid()
    {
        (ushort type, byte[] packet) = Random.Next(10) switch
        {
            0 => (EthernetFrame.Arp, ArpBytes()),
            < 5 => (EthernetFrame.IPv4, Packet(IpVersion.V4)),
            _ => (EthernetFrame.IPv6, Packet(IpVersion.V6)),
        };
        byte[] frame = new byte[EthernetFrame.HeaderLength];
        EthernetFrame.WriteHeader(frame, Mac, Mac, type);
        List<byte> tagged = [.. frame[..12]];
        for (int tags = Random.Next(4) == 0 ? Random.Next(1, 4) : 0; tags > 0; tags--)
        {
            tagged.AddRange(Coin ? [0x81, 0x00] : [0x88, 0xa8]);
            tagged.AddRange(Bytes(2));
        }

        byte[] padding = new byte[Math.Max(0, 46 - packet.Length)];
        return [.. tagged, .. frame[12..], .. packet, .. padding];
    }

    /// <summary>A valid frame that is cut off, or has some bits turned, or some bytes overwritten, or all of it.</summary>
    internal byte[] Spoiled()
    {
        byte[] frame = Valid();
        int how = Random.Next(1, 8);
        for (int count = (how & 1) != 0 ? Random.Next(1, 5) : 0; count > 0; count--)
        {
            frame[Spot(frame)] ^= (byte)(1 << Random.Next(8));
        }

        for (int count = (how & 2) != 0 ? Random.Next(1, 3) : 0; count > 0; count--)
        {
            frame[Spot(frame)] = Coin ? Byte : Coin ? byte.MaxValue : (byte)0;
        }

        return (how & 4) != 0 ? frame[..Random.Next(frame.Length)] : frame;
    }

    private int Spot(byte[] frame) => 12 + Random.Next(Math.Min(frame.Length - 12, 100));

    private byte[] ArpBytes()
    {
        byte[] bytes = new byte[ArpPacket.Length];
        Arp().Write(bytes);
        return bytes;
    }

    private byte[] Four(Ipv4Header header, byte[] payload)
    {
        byte[] options = Random.Next(3) > 0 ? [] : FourOptions();
        byte[] packet = new byte[Ipv4Packet.LeastHeader + options.Length + payload.Length];
        payload.CopyTo(packet, header.Write(packet, payload.Length, options));
        return packet;
    }

    private byte[] Six(byte protocol, byte[] payload, IpAddress source, IpAddress destination)
    {
        (byte first, byte[] extensions) = Extensions(protocol);
        byte[] packet = new byte[Ipv6Packet.HeaderLength + extensions.Length + payload.Length];
        int at = SixHeader(first, source, destination).Write(packet, extensions.Length + payload.Length);
        extensions.CopyTo(packet, at);
        payload.CopyTo(packet, at + extensions.Length);
        return packet;
    }

    // RFC 791, 3.1; 148: router alert (RFC 2113).
    private byte[] FourOptions()
    {
        byte[] options = Random.Next(4) switch
        {
            0 => [148, 4, 0, 0],
            1 => [7, 11, 4, .. new byte[8], 0],
            2 => [1, 1, 1, 0],
            _ => [.. Bytes(1), 8, .. Bytes(6), 1, 1, 1, 0],
        };
        return options;
    }

    private (byte Protocol, byte[] Payload) Transport(IpAddress source, IpAddress destination) => Random.Next(10) switch
    {
        < 4 => (TcpSegment.Number, Tcp(source, destination)),
        4 or 5 => (UdpDatagram.Number, Udp(source, destination)),
        6 when source.Version == IpVersion.V6 => (IcmpMessage.NumberV6, NeighbourBytes(source, destination)),
        9 => (NoNext, Bytes(Random.Next(20))),
        _ => (source.Version == IpVersion.V6 ? IcmpMessage.NumberV6 : IcmpMessage.Number, Icmp(source, destination)),
    };

    private byte[] Tcp(IpAddress source, IpAddress destination)
    {
        byte[] options = Random.Next(3) > 0 ? KnownOptions() : Random.Next(2) > 0 ? [] : [253, 4, .. Bytes(2), 1, 1, 1, 0];
        byte[] payload = Bytes(Random.Next(3) > 0 ? 0 : Random.Next(60));
        byte[] segment = new byte[TcpSegment.LeastHeader + options.Length + payload.Length];
        TcpHeader().Write(segment, source, destination, options, payload);
        return segment;
    }

    private byte[] KnownOptions()
    {
        byte[] options = new byte[Core.Wire.Packets.TcpOptions.MostBytes];
        return options[..TcpOptions().Write(options)];
    }

    private byte[] Udp(IpAddress source, IpAddress destination)
    {
        byte[] payload = Bytes(Random.Next(60));
        byte[] datagram = new byte[UdpDatagram.HeaderLength + payload.Length];
        UdpDatagram.Write(datagram, source, destination, Number, Number, payload);
        return datagram;
    }

    private byte[] NeighbourBytes(IpAddress source, IpAddress destination)
    {
        byte[] message = new byte[32];
        return message[..Neighbour().Write(message, source, destination)];
    }

    /// <summary>An echo, or an error that quotes a packet or the beginning of one.</summary>
    private byte[] Icmp(IpAddress source, IpAddress destination)
    {
        bool isSix = source.Version == IpVersion.V6;
        byte[] errors = isSix ? [1, 2, 3, 4] : [3, 4, 5, 11, 12];
        bool isEcho = Random.Next(3) == 0;
        byte type = isEcho ? (byte)(isSix ? 128 : 8) : errors[Random.Next(errors.Length)];
        byte[] body = isEcho ? Bytes(Random.Next(40)) : Packet(source.Version);
        body = isEcho || Coin ? body : body[..Math.Min(body.Length, isSix ? 48 : 28)];
        byte[] message = new byte[IcmpMessage.HeaderLength + body.Length];
        IcmpMessage.Write(message, source, destination, type, (byte)(isEcho ? 0 : Random.Next(7)), isEcho ? Word : 0, body);
        return message;
    }
}
