using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire;

/// <summary>One address of an interface as rtnetlink(7) tells of it (RTM_NEWADDR).</summary>
/// <remarks>struct ifaddrmsg of linux/if_addr.h: u8 family, u8 prefix length, u8 flags, u8 scope, u32 index; then attributes.</remarks>
public readonly record struct RouteAddress
{
    /// <summary>The type of a row.</summary>
    public const ushort RTM_NEWADDR = 20;

    private const ushort RTM_GETADDR = 22;
    private const int Length = 8;
    private const int IFA_ADDRESS = 1;
    private const int IFA_LOCAL = 2;

    /// <summary>The interface's index.</summary>
    public int Index { get; private init; }

    /// <summary>The host's own address; null for a family that is not IP.</summary>
    public IpAddress? Address { get; private init; }

    /// <summary>Makes the request for all addresses of all families.</summary>
    public static byte[] Request() => Netlink.Dump(RTM_GETADDR, stackalloc byte[Length]);

    /// <summary>Decodes one row; false where it is malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out RouteAddress row)
    {
        row = default;
        if (payload.Length < Length)
        {
            return false;
        }

        IpAddress? address = null;
        NetlinkAttributes attributes = new(payload[Length..]);
        while (attributes.Next())
        {
            // On a point-to-point interface IFA_ADDRESS is the peer's and IFA_LOCAL ours (linux/if_addr.h).
            if ((attributes.Type == IFA_LOCAL || (attributes.Type == IFA_ADDRESS && address is null))
                && attributes.Value.Length is 4 or 16)
            {
                address = IpAddress.FromNetworkOrder(attributes.Value);
            }
        }

        row = new RouteAddress { Index = BitConverter.ToInt32(payload[4..]), Address = address };
        return !attributes.Malformed;
    }
}
