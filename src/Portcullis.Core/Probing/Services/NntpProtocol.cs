using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Network News Transfer Protocol (RFC 3977, 5.1): the server greets with 200 or 201. Asked: CAPABILITIES, which lists what it can,
/// then QUIT.
/// </summary>
public sealed class NntpProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "nntp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [119, 563];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 0)
        {
            return heard.IsAsked || !(heard.MayBegin("200 "u8) || heard.MayBegin("201 "u8)) ? Reading.NotThis
                : heard.Bytes.Length < 5 || !heard.TryFirstLine(out ReadOnlySpan<byte> line) ? heard.TooFew
                : Reading.Ask("CAPABILITIES\r\n"u8.ToArray(), line.IndexOf("NNTP"u8) >= 0 || line.IndexOf("InterNetNews"u8) >= 0 ? Sighting.Of(Name, line) : null);
        }

        if (!heard.TryFirstLine(out ReadOnlySpan<byte> answer))
        {
            return heard.TooFew;
        }

        bool isList = answer.StartsWith("101 "u8);
        return isList || heard.SoFar is not null ? Reading.Is(heard.SoFar ?? Sighting.Of(Name, answer), "QUIT\r\n"u8.ToArray()) : Reading.NotThis;
    }
}
