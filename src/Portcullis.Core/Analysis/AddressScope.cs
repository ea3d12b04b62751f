using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Tells how far an address can be heard.</summary>
public static class AddressScope
{
    // Each block with its source: the IANA special-purpose address registries and the RFC that made the entry.
    private static readonly (IpAddress Prefix, int Length, Scope Scope)[] Blocks =
    [
        (IpAddress.FromV4(0x7f00_0000), 8, Scope.Loopback), // 127.0.0.0: RFC 1122, 3.2.1.3
        (IpAddress.FromV6(0, 1), 128, Scope.Loopback), // ::1: RFC 4291, 2.5.3
        (IpAddress.FromV4(0xa9fe_0000), 16, Scope.Link), // 169.254.0.0: RFC 3927
        (V6(0xfe80), 10, Scope.Link), // RFC 4291, 2.5.6
        (IpAddress.FromV4(0xe000_0000), 24, Scope.Link), // 224.0.0.0: RFC 5771, section 4
        (IpAddress.FromV4(0xffff_ffff), 32, Scope.Link), // RFC 8190
        (V6(0xff01), 16, Scope.Loopback), // RFC 7346: interface-local; ff11:: likewise, below
        (V6(0xff11), 16, Scope.Loopback),
        (V6(0xff02), 16, Scope.Link), // RFC 7346: link-local
        (V6(0xff12), 16, Scope.Link),
        (IpAddress.FromV4(0x0a00_0000), 8, Scope.Private), // 10.0.0.0: RFC 1918
        (IpAddress.FromV4(0xac10_0000), 12, Scope.Private), // 172.16.0.0
        (IpAddress.FromV4(0xc0a8_0000), 16, Scope.Private), // 192.168.0.0
        (IpAddress.FromV4(0x6440_0000), 10, Scope.Private), // 100.64.0.0: RFC 6598
        (V6(0xfc00), 7, Scope.Private), // RFC 4193
        (IpAddress.FromV4(0xef00_0000), 8, Scope.Private), // 239.0.0.0: RFC 2365, administratively scoped
        (V6(0xff05), 16, Scope.Private), // RFC 7346: site-local
        (V6(0xff15), 16, Scope.Private),
        (V6(0xff08), 16, Scope.Private), // RFC 7346: organisation-local
        (V6(0xff18), 16, Scope.Private),
    ];

    /// <summary>The scope of a bind.</summary>
    /// <param name="address">The bound address; null for a packet socket, which hears whatever its interfaces do.</param>
    /// <param name="boundTo">The bound interface; null for all.</param>
    public static Scope Of(IpAddress? address, NetworkInterface? boundTo)
    {
        // What is bound to the loopback device is not heard anywhere else, whatever its address (socket(7), SO_BINDTODEVICE).
        if (boundTo is { IsLoopback: true })
        {
            return Scope.Loopback;
        }

        if (address is not IpAddress bound)
        {
            return boundTo is null ? Scope.Any : Scope.Link;
        }

        IpAddress plain = bound.Unmapped();
        if (plain.IsAny)
        {
            return Scope.Any;
        }

        foreach ((IpAddress prefix, int length, Scope scope) in Blocks)
        {
            if (plain.IsIn(prefix, length))
            {
                return scope;
            }
        }

        return Scope.Address;
    }

    /// <summary>The address that begins with these 16 bits and goes on with zeros.</summary>
    private static IpAddress V6(ulong first) => IpAddress.FromV6(first << 48, 0);
}
