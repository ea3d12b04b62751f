using System;
using System.Collections.Immutable;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// ManageSieve (RFC 5804, 1.7): the server greets with its capabilities, the first of which is its implementation. Nothing is asked
/// but LOGOUT.
/// </summary>
public sealed class ManageSieveProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "sieve";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [4190, 2000];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.IsAsked || !heard.MayBegin("\"IMPLEMENTATION\" \""u8))
        {
            return Reading.NotThis;
        }

        if (heard.Bytes.Length < 19 || !heard.TryFirstLine(out ReadOnlySpan<byte> line))
        {
            return heard.TooFew;
        }

        string implementation = Encoding.Latin1.GetString(line[18..]).Trim('"');
        return Reading.Is(Sighting.Of(Name, line).By(implementation).Asks("asks for a login"), "LOGOUT\r\n"u8.ToArray());
    }
}
