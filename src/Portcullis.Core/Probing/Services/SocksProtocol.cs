using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// SOCKS 5 (RFC 1928, 3). Asked: which way of authentication it chooses out of none and user with password; no connection is asked
/// for.
/// </summary>
public sealed class SocksProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "socks";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [1080];

    /// <inheritdoc/>
    public byte[] Question(string host) => [5, 2, 0, 2];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!heard.IsAsked || !heard.MayBegin([5]) || heard.Bytes.Length > 2)
        {
            return Reading.NotThis;
        }

        return heard.Bytes.Length < 2 ? heard.TooFew : heard.Bytes[1] switch
        {
            0 => Reading.Is(Sighting.Of(Name, "SOCKS 5, no authentication").Open("takes clients without a password")),
            2 => Reading.Is(Sighting.Of(Name, "SOCKS 5, user and password").Asks()),
            0xff => Reading.Is(Sighting.Of(Name, "SOCKS 5, another authentication").Asks("asks for another authentication")),
            _ => Reading.NotThis,
        };
    }
}
