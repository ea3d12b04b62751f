using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Cli.Scanning;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli.Tracing;

/// <summary>One port of one host, as a person names it: 10.0.5.7:22, [fd00::7]:22, web1:https.</summary>
internal static class TraceTarget
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">It is none.</exception>
    internal static (string Name, IpAddress Address, ushort Port) Of(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? text : text[..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (colon <= 0 || (host.Contains(':', StringComparison.Ordinal) && !isBracketed) || host.Contains('/', StringComparison.Ordinal))
        {
            throw new InputException($"'{text}' is no TARGET:PORT; write one like 10.0.5.7:22, [fd00::7]:22 or web1:https.");
        }

        ImmutableArray<PortQuestion> questions = Explain.Parse(text[(colon + 1)..], out string? error);
        int? port = error is null && questions.Any(static one => one.Protocol == Protocol.Tcp) ? questions.First(static one => one.Protocol == Protocol.Tcp).Port : null;
        if (port is not > 0)
        {
            throw new InputException($"'{text}': {error ?? "a trace is of a TCP port, 1 to 65535"}.");
        }

        NamedTarget[] hosts = TargetList.Of(host);
        (string name, IpAddress address, _) = hosts[0];
        return Array.Exists(hosts, one => one.Name != name) ? throw new InputException($"'{text}' names {hosts.Length} hosts; a trace is of one.")
            : WhyNone(address) is string why ? throw new InputException($"'{text}': {why}; a trace is of one host.")
            : (name, address, (ushort)port);
    }

    /// <summary>Why an address is no host's: TCP connects two hosts, and answers to none of these (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2 and 2.7).</summary>
    private static string? WhyNone(IpAddress address) => address.IsAny ? "this address stands for all, and is nobody's"
        : address == IpAddress.FromV4(uint.MaxValue) ? "this address is that of all hosts on the link"
        : address.IsIn(IpAddress.FromV4(0xe000_0000), 4) || address.IsIn(IpAddress.FromV6(0xff00UL << 48, 0), 8) ? "this address is that of a group of hosts (multicast)"
        : null;
}
