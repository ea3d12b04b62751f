using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire.Packets;

/// <summary>A neighbour solicitation or advertisement: what ARP is for IPv4.</summary>
/// <remarks>
/// <code>
/// ICMPv6 type 135 or 136, code 0 | R S O and 29 zero bits | target:16 | options: type:1 length:1 (in units of 8 bytes) value
/// </code>
/// RFC 4861, 4.3, 4.4 and 4.6.1.
/// </remarks>
/// <param name="IsAdvertisement">Whether it answers (136), or asks (135).</param>
/// <param name="Target">The address that is asked for or told.</param>
/// <param name="LinkAddress">The sender's card (of a solicitation) or the target's (of an advertisement); null where it is not told.</param>
public readonly record struct NeighbourMessage(bool IsAdvertisement, IpAddress Target, MacAddress? LinkAddress)
{
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;
    private const byte SourceLink = 1;
    private const byte TargetLink = 2;
    private const int AddressLength = 16;

    /// <summary>Reads one from an ICMPv6 message; its checksum and its hop limit, which must be 255 (RFC 4861, 7.1), are the caller's to check.</summary>
    public static PacketFault Read(IcmpMessage message, out NeighbourMessage neighbour)
    {
        neighbour = default;
        if (message.Version != IpVersion.V6 || message.Type is not (Solicitation or Advertisement) || message.Code != 0)
        {
            return PacketFault.Kind;
        }

        ReadOnlySpan<byte> body = message.Body;
        if (body.Length < AddressLength)
        {
            return PacketFault.Truncated;
        }

        bool isAdvertisement = message.Type == Advertisement;
        MacAddress? link = null;
        ReadOnlySpan<byte> options = body[AddressLength..];
        while (!options.IsEmpty)
        {
            int length = options.Length < 2 ? 0 : options[1] * 8;
            if (length == 0 || length > options.Length)
            {
                return PacketFault.Extensions;
            }

            // One that is longer is the address of another kind of link (RFC 4861, 4.6.1).
            if (length == 8 && options[0] == (isAdvertisement ? TargetLink : SourceLink))
            {
                link = MacAddress.Read(options[2..]);
            }

            options = options[length..];
        }

        neighbour = new NeighbourMessage(isAdvertisement, IpAddress.FromNetworkOrder(body[..AddressLength]), link);
        return PacketFault.None;
    }

    /// <summary>Writes it as a whole ICMPv6 message between two addresses; gives its length, 24 or 32.</summary>
    public int Write(Span<byte> to, IpAddress source, IpAddress destination)
    {
        Span<byte> body = stackalloc byte[AddressLength + 8];
        Target.WriteNetworkOrder(body);
        int length = AddressLength;
        if (LinkAddress is MacAddress link)
        {
            body[length] = IsAdvertisement ? TargetLink : SourceLink;
            body[length + 1] = 1;
            link.Write(body[(length + 2)..]);
            length += 8;
        }

        uint flags = IsAdvertisement ? 0x6000_0000u : 0; // solicited, override
        return IcmpMessage.Write(to, source, destination, IsAdvertisement ? Advertisement : Solicitation, 0, flags, body[..length]);
    }
}
