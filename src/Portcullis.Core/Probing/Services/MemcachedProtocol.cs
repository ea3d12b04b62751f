using System;
using System.Collections.Immutable;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// memcached's text protocol (its doc/protocol.txt). Asked: version, which only reads. Where a login is needed (SASL), the text
/// protocol is closed.
/// </summary>
public sealed class MemcachedProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "memcached";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [11211];

    /// <inheritdoc/>
    public byte[] Question(string host) => "version\r\n"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!heard.IsAsked)
        {
            // What it says to anything that it does not know.
            return heard.Bytes.StartsWith("ERROR\r\n"u8) ? Reading.Suspected : Reading.NotThis;
        }

        if (!heard.MayBegin("VERSION "u8))
        {
            return Reading.NotThis;
        }

        return heard.Bytes.Length < 9 || !heard.TryFirstLine(out ReadOnlySpan<byte> line) ? heard.TooFew
            : Reading.Is(Sighting.Of(Name, line).By("memcached", Encoding.Latin1.GetString(line[8..])).Open());
    }
}
