using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A checked view of an ICMP or ICMPv6 message.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |     type      |     code      |           checksum            |
/// +---------------+---------------+-------------------------------+
/// |           by type: identifier and sequence, MTU, unused       |
/// +---------------------------------------------------------------+
/// |  body: echoed data; of an error, the packet that caused it    |
/// </code>
/// RFC 792; RFC 4443, 2.1.
/// </remarks>
public readonly ref struct IcmpMessage
{
    /// <summary>ICMP's protocol number, in IPv4.</summary>
    public const byte Number = 1;

    /// <summary>ICMPv6's protocol number.</summary>
    public const byte NumberV6 = 58;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpMessage(ReadOnlySpan<byte> bytes, IpVersion version)
    {
        _bytes = bytes;
        Version = version;
    }

    /// <summary>Whether it is of ICMP or of ICMPv6.</summary>
    public IpVersion Version { get; }

    /// <summary>What kind of message it is; the numbers differ between the versions.</summary>
    public byte Type => _bytes[0];

    /// <summary>The kind within the type.</summary>
    public byte Code => _bytes[1];

    /// <summary>The second word of the header; its meaning depends on the type.</summary>
    public uint Word => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>What stands behind the header.</summary>
    public ReadOnlySpan<byte> Body => _bytes[HeaderLength..];

    /// <summary>Whether the body quotes the packet that caused this message.</summary>
    public bool IsError => Version == IpVersion.V6 ? Type < 128 : Type is 3 or 4 or 5 or 11 or 12;

    /// <summary>Whether a packet ran out of hops: the answer of a router on the way.</summary>
    public bool IsTimeExceeded => SaysTimeExceeded(Version, Type, Code);

    /// <summary>Whether a packet could not be delivered, not even a smaller one; the code says why.</summary>
    public bool IsUnreachable => SaysUnreachable(Version, Type, Code);

    /// <summary>Whether the port, of a host that was reached, takes nothing (RFC 792; RFC 4443, 3.1).</summary>
    public bool IsPortUnreachable => IsUnreachable && Code == (Version == IpVersion.V6 ? 4 : 3);

    /// <summary>Whether a policy forbade it: a firewall said so (RFC 1812, 5.2.7.1; RFC 4443, 3.1).</summary>
    public bool IsProhibited => IsUnreachable && (Version == IpVersion.V6 ? Code is 1 or 5 or 6 : Code is 9 or 10 or 13);

    /// <summary>Whether an error of this type and code tells that a packet ran out of hops.</summary>
    public static bool SaysTimeExceeded(IpVersion version, int type, int code) => code == 0 && type == (version == IpVersion.V6 ? 3 : 11);

    /// <summary>Whether it tells that a packet could not be delivered; ICMP's "fragmentation needed" asks for smaller ones only (RFC 1191, 4).</summary>
    public static bool SaysUnreachable(IpVersion version, int type, int code) => version == IpVersion.V6 ? type == 1 : type == 3 && code != 4;

    /// <summary>Whether it tells of a refusal: somebody does not want the packet, rather than cannot deliver it.</summary>
    public static bool SaysRefused(IpVersion version, int type, int code) =>
        SaysUnreachable(version, type, code) && (version == IpVersion.V6 ? code is 1 or 4 or 5 or 6 : code is 2 or 3 or 9 or 10 or 13);

    /// <summary>Whether the checksum is right; of ICMPv6 it covers the addresses as well (RFC 4443, 2.3).</summary>
    public bool ChecksumIsValid(IpAddress source, IpAddress destination) =>
        (Version == IpVersion.V6 ? InternetChecksum.OfTransport(source, destination, NumberV6, _bytes) : InternetChecksum.Of(_bytes)) == 0;

    /// <summary>Checks bytes and views them as a message.</summary>
    public static PacketFault Read(ReadOnlySpan<byte> bytes, IpVersion version, out IcmpMessage message)
    {
        message = default;
        if (bytes.Length < HeaderLength)
        {
            return PacketFault.Truncated;
        }

        message = new IcmpMessage(bytes, version);
        return PacketFault.None;
    }

    /// <summary>Writes a message with its checksum; gives its length.</summary>
    /// <param name="to">Room for all of it.</param>
    /// <param name="source">The packet's source; it chooses the version, too.</param>
    /// <param name="destination">The packet's destination.</param>
    /// <param name="type">The type.</param>
    /// <param name="code">The code.</param>
    /// <param name="word">The second word of the header.</param>
    /// <param name="body">What stands behind it.</param>
    public static int Write(Span<byte> to, IpAddress source, IpAddress destination, byte type, byte code, uint word, ReadOnlySpan<byte> body)
    {
        Span<byte> message = to[..(HeaderLength + body.Length)];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], word);
        body.CopyTo(message[HeaderLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            message[2..],
            source.Version == IpVersion.V6 ? InternetChecksum.OfTransport(source, destination, NumberV6, message) : InternetChecksum.Of(message));
        return message.Length;
    }
}
