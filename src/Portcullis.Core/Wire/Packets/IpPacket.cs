using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of a packet of either version: what both have in common.</summary>
public readonly ref struct IpPacket
{
    private IpPacket(IpAddress source, IpAddress destination, byte protocol, byte hops, bool isLaterFragment, ReadOnlySpan<byte> payload)
    {
        Source = source;
        Destination = destination;
        Protocol = protocol;
        Hops = hops;
        IsLaterFragment = isLaterFragment;
        Payload = payload;
    }

    /// <summary>The source.</summary>
    public IpAddress Source { get; }

    /// <summary>The destination.</summary>
    public IpAddress Destination { get; }

    /// <summary>The transport protocol.</summary>
    public byte Protocol { get; }

    /// <summary>Time to live, or hop limit.</summary>
    public byte Hops { get; }

    /// <summary>Whether it is a fragment other than the first: its payload begins in the middle of the transport's.</summary>
    public bool IsLaterFragment { get; }

    /// <summary>The transport header and what follows.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Checks bytes and views them as a packet of the version that their first four bits tell.</summary>
    /// <param name="bytes">The packet, perhaps with padding behind it.</param>
    /// <param name="packet">The view.</param>
    /// <param name="isQuoted">Whether it may be cut off, as in an ICMP error.</param>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, out IpPacket packet, bool isQuoted = false)
    {
        packet = default;
        if (bytes.IsEmpty)
        {
            return PacketFault.Truncated;
        }

        PacketFault fault;
        if (bytes[0] >> 4 == 6)
        {
            fault = Ipv6Packet.Read(bytes, out Ipv6Packet six, isQuoted);
            if (fault == PacketFault.None)
            {
                Ipv6Header header = six.Header;
                packet = new IpPacket(header.Source, header.Destination, six.Protocol, header.HopLimit, six.FragmentOffset > 0, six.Payload);
            }

            return fault;
        }

        fault = Ipv4Packet.Read(bytes, out Ipv4Packet four, isQuoted);
        if (fault == PacketFault.None)
        {
            Ipv4Header header = four.Header;
            packet = new IpPacket(header.Source, header.Destination, header.Protocol, header.TimeToLive, header.FragmentOffset > 0, four.Payload);
        }

        return fault;
    }
}
