using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Portcullis.Cli.Files;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Scanning;

/// <summary>Targets as a person names them: an address, a name, a block (10.0.5.0/28), a range (10.0.5.1-20).</summary>
internal static class TargetList
{
    private const int Most = 4096;

    /// <summary>The addresses, each once, with the text that names it and the interface that leads to it (fe80::1%eth0); 0 for any.</summary>
    /// <exception cref="InputException">The text names none, or too many, or what is no host.</exception>
    internal static IReadOnlyList<NamedTarget> WithLinks(string text)
    {
        string plain = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        int zone = plain.LastIndexOf('%');
        return zone >= 0 && IpAddress.TryParse(plain[..zone], out IpAddress address) && address.Version == IpVersion.V6
            ? [new NamedTarget(plain, OneHost(text, address), LinkOf(text, plain))]
            : Of(text);
    }

    /// <summary>The addresses, each once, with the text that names it.</summary>
    /// <exception cref="InputException">The text names none, or too many, or what is no host.</exception>
    internal static NamedTarget[] Of(string text)
    {
        string plain = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        if (IpAddress.TryParse(plain, out IpAddress address))
        {
            return [new NamedTarget(address.ToString(), OneHost(text, address.Unmapped()))];
        }

        if (plain.Contains('/', StringComparison.Ordinal))
        {
            AddressBlock block = AddressBlock.Parse(plain, out string? error) ?? throw new InputException($"'{text}': {error}.");
            int bits = (block.Prefix.Version == IpVersion.V4 ? 32 : 128) - block.Length;
            return bits <= 12 ? Sequence(block.Prefix, 1 << bits) : throw TooMany(text);
        }

        int dash = plain.LastIndexOf('-');
        if (dash > 0 && IpAddress.TryParse(plain[..dash], out IpAddress first) && first.Version == IpVersion.V4
            && byte.TryParse(plain[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out byte last))
        {
            int count = last - (int)(first.Low & 0xff) + 1;
            return count > 0 ? Sequence(first, count) : throw new InputException($"'{text}': the range ends before it begins.");
        }

        return Named(plain);
    }

    /// <summary>Refuses what stands for all addresses, or for many hosts at once (RFC 1122, 3.2.1.3; RFC 5771; RFC 4291, 2.7).</summary>
    private static IpAddress OneHost(string text, IpAddress address)
    {
        bool isMany = address.Version == IpVersion.V4 ? address.Low >> 28 == 0xe || address.Low == uint.MaxValue : address.High >> 56 == 0xff;
        return !address.IsAny && !isMany ? address
            : throw new InputException($"'{text}' {(isMany ? "is the address of many hosts at once, and not of one" : "stands for all addresses, and is none: this machine is localhost")}.");
    }

    /// <summary>The index of the interface behind the sign '%' (RFC 4007, 11.2): by name, or as a number.</summary>
    private static int LinkOf(string text, string plain)
    {
        bool isKnown = IPAddress.TryParse(plain, out IPAddress? scoped) && scoped.ScopeId is > 0 and <= int.MaxValue;
        return isKnown ? (int)scoped!.ScopeId : throw new InputException($"'{text}': there is no interface '{plain[(plain.LastIndexOf('%') + 1)..]}' here.");
    }

    private static InputException TooMany(string text) => new($"'{text}' has too many addresses; at most {Most} at once.");

    private static NamedTarget[] Sequence(IpAddress first, int count)
    {
        IEnumerable<IpAddress> addresses = Enumerable.Range(0, count).Select(offset => first.Version == IpVersion.V4
            ? IpAddress.FromV4((uint)first.Low + (uint)offset)
            : IpAddress.FromV6(first.High, first.Low + (ulong)offset));
        return [.. addresses.Select(static address => new NamedTarget(address.ToString(), address))];
    }

    private static NamedTarget[] Named(string name)
    {
        if (name.Length is 0 or > 255 || !name.All(static letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_'))
        {
            throw new InputException($"'{name}' is no address and no name of a host; write one like 10.0.5.7, 10.0.5.0/28, fd00::7 or web1.");
        }

        try
        {
            return [.. Dns.GetHostAddresses(name).Select(static address => IpAddress.FromNetworkOrder(address.GetAddressBytes())).Distinct().Select(address => new NamedTarget(name, address.Unmapped()))];
        }
        catch (SocketException unknown)
        {
            throw new InputException($"'{name}': no address is known for it ({unknown.Message}).");
        }
    }
}
