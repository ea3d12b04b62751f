using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Kernel;

/// <summary>An address with a port as the kernel writes it (%pISpc, and the names of LIO's portals): "192.0.2.1:3260", "[2001:db8::1]:3260".</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct Portal(IpAddress Address, int Port)
{
    /// <summary>Reads it; null where it has another form.</summary>
    public static Portal? Parse(ReadOnlySpan<char> text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || PortNumber.Parse(text[(colon + 1)..]) is not int port)
        {
            return null;
        }

        ReadOnlySpan<char> address = text[..colon];
        bool bracketed = address.Length > 2 && address[0] == '[' && address[^1] == ']';
        address = bracketed ? address[1..^1] : address;

        // Without brackets the last colon might be the address's own.
        return bracketed == address.Contains(':') && IpAddress.TryParse(address.ToString(), out IpAddress parsed) ? new Portal(parsed, port) : null;
    }
}
