using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Text.Kernel;

/// <summary>
/// /proc/net/rxrpc/locals (net/rxrpc/proc.c): a heading, then a line for each UDP socket under AF_RXRPC, which AFS's client
/// uses: "UDP   [::]:7001   2   1   0".
/// </summary>
/// <param name="Sockets">The sockets, in the order of the file; those without a port yet are left out.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record RxrpcLocals(ImmutableArray<Portal> Sockets, string? Error)
{
    /// <summary>Reads the file.</summary>
    public static RxrpcLocals Parse(ReadOnlySpan<char> text)
    {
        ImmutableArray<Portal>.Builder sockets = ImmutableArray.CreateBuilder<Portal>();
        string? error = null;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (line.IsWhiteSpace() || line.StartsWith("Proto", StringComparison.Ordinal))
            {
                continue;
            }

            ReadOnlySpan<char> rest = line.StartsWith("UDP ", StringComparison.Ordinal) ? line[4..].TrimStart() : [];
            int end = rest.IndexOf(' ');
            ReadOnlySpan<char> place = end < 0 ? [] : rest[..end];
            if (Portal.Parse(place) is Portal socket)
            {
                sockets.Add(socket);
            }
            else if (!place.EndsWith(":0", StringComparison.Ordinal))
            {
                error ??= "it has a line of another form";
            }
        }

        return new RxrpcLocals(sockets.ToImmutable(), error);
    }
}
