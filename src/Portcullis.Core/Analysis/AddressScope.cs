using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Tells how far an address can be heard.</summary>
public static class AddressScope
{
    // Each block with its source: the IANA special-purpose address registries and the RFC that made the entry.
    private static readonly (IpAddress Prefix, int Length, Scope Scope)[] Blocks =
    [
        Block("127.0.0.0", 8, Scope.Loopback), // RFC 1122, 3.2.1.3
        Block("::1", 128, Scope.Loopback), // RFC 4291, 2.5.3
        Block("169.254.0.0", 16, Scope.Link), // RFC 3927
        Block("fe80::", 10, Scope.Link), // RFC 4291, 2.5.6
        Block("224.0.0.0", 24, Scope.Link), // RFC 5771, section 4
        Block("255.255.255.255", 32, Scope.Link), // RFC 8190
        Block("ff01::", 16, Scope.Loopback), // RFC 7346: interface-local; ff11:: likewise, below
        Block("ff11::", 16, Scope.Loopback),
        Block("ff02::", 16, Scope.Link), // RFC 7346: link-local
        Block("ff12::", 16, Scope.Link),
        Block("10.0.0.0", 8, Scope.Private), // RFC 1918
        Block("172.16.0.0", 12, Scope.Private),
        Block("192.168.0.0", 16, Scope.Private),
        Block("100.64.0.0", 10, Scope.Private), // RFC 6598
        Block("fc00::", 7, Scope.Private), // RFC 4193
        Block("239.0.0.0", 8, Scope.Private), // RFC 2365: administratively scoped
        Block("ff05::", 16, Scope.Private), // RFC 7346: site-local
        Block("ff15::", 16, Scope.Private),
        Block("ff08::", 16, Scope.Private), // RFC 7346: organisation-local
        Block("ff18::", 16, Scope.Private),
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

    private static (IpAddress Prefix, int Length, Scope Scope) Block(string prefix, int length, Scope scope) =>
        (IpAddress.Parse(prefix), length, scope);
}
