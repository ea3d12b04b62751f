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

        (string name, IpAddress address) = TargetList.Of(host)[0];
        return (name, address, (ushort)port);
    }
}
