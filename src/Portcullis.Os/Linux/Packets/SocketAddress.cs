using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Addresses as the kernel's calls take them: struct sockaddr_in, sockaddr_in6 and sockaddr_ll.</summary>
internal static class SocketAddress
{
    /// <summary>Room for any of them.</summary>
    internal const int Longest = 28;

    /// <summary>Writes an IP address and port; gives the length.</summary>
    /// <param name="to">At least <see cref="Longest"/> bytes.</param>
    /// <param name="address">The address.</param>
    /// <param name="port">The port.</param>
    /// <param name="scope">The interface, for a link-local IPv6 address; else 0.</param>
    internal static int Write(Span<byte> to, IpAddress address, int port, int scope = 0)
    {
        to[..Longest].Clear();
        bool isV4 = address.Version == IpVersion.V4;
        BitConverter.TryWriteBytes(to, (ushort)(isV4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)port);
        address.WriteNetworkOrder(to[(isV4 ? 4 : 8)..]);
        if (!isV4 && address.IsIn(LinkLocal, 10))
        {
            BitConverter.TryWriteBytes(to[24..], scope);
        }

        return isV4 ? 16 : 28;
    }

    /// <summary>Writes a link's address; gives the length.</summary>
    /// <param name="to">At least <see cref="Longest"/> bytes.</param>
    /// <param name="protocol">The EtherType.</param>
    /// <param name="link">The interface; 0 for all.</param>
    /// <param name="card">The card to send to; empty where the link needs none.</param>
    internal static int WriteLink(Span<byte> to, ushort protocol, int link, ReadOnlySpan<byte> card)
    {
        to[..Longest].Clear();
        BitConverter.TryWriteBytes(to, (ushort)LibcPackets.AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], protocol);
        BitConverter.TryWriteBytes(to[4..], link);
        to[11] = (byte)card.Length;
        card.CopyTo(to[12..]);
        return 20;
    }

    /// <summary>The IP address in bytes that the kernel gave; null for another family.</summary>
    internal static IpAddress? Read(ReadOnlySpan<byte> bytes) => bytes.Length < 16 ? null : BitConverter.ToUInt16(bytes) switch
    {
        LibcSockets.AF_INET => IpAddress.FromNetworkOrder(bytes.Slice(4, 4)),
        LibcSockets.AF_INET6 when bytes.Length >= 24 => IpAddress.FromNetworkOrder(bytes.Slice(8, 16)),
        _ => null,
    };

    /// <summary>The port in bytes that the kernel gave.</summary>
    internal static ushort ReadPort(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);

    private static IpAddress LinkLocal { get; } = IpAddress.FromV6(0xfe80_0000_0000_0000, 0);
}
