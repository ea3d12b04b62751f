using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Character generator (RFC 864): the server says lines of 72 printable characters without end, each shifted by one. Nothing is
/// said to it.
/// </summary>
public sealed class ChargenProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "chargen";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [19];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        const int Line = 72;
        ReadOnlySpan<byte> bytes = heard.Bytes;
        for (int at = 1; at < Math.Min(bytes.Length, Line); at++)
        {
            // The next character, or the first after the last one.
            if (bytes[at] != bytes[at - 1] + 1 && !(bytes[at - 1] is (byte)'~' or (byte)'}' && bytes[at] is (byte)' ' or (byte)'!'))
            {
                return Reading.NotThis;
            }
        }

        return bytes.Length < Line ? heard.TooFew : Reading.Is(Sighting.Of(Name, bytes[..Line]).Open("sends to anybody without end"));
    }
}
