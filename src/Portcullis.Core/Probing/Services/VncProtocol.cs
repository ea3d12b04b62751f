using System;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The Remote Framebuffer Protocol of VNC (RFC 6143, 7.1): the server greets with its version; it is told the same one, and answers
/// with the ways of authentication that it takes. None is chosen.
/// </summary>
public sealed class VncProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "vnc";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5900, 5901, 5902, 5903, 5904, 5905];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 0)
        {
            if (heard.IsAsked || !heard.MayBegin("RFB 00"u8))
            {
                return Reading.NotThis;
            }

            return heard.Bytes.Length < 12 ? heard.TooFew
                : heard.Bytes[11] != '\n' ? Reading.NotThis
                : Reading.Ask(heard.Bytes[10] < '7' ? "RFB 003.003\n"u8.ToArray() : "RFB 003.008\n"u8.ToArray(), Sighting.Of(Name, heard.Bytes[..12]));
        }

        if (heard.SoFar is not IdentifiedService service || heard.Bytes.IsEmpty)
        {
            return heard.TooFew;
        }

        // 3.3: u32 way. From 3.7 on: u8 count, then as many ways; 0: a reason follows.
        bool isOld = service.Evidence.EndsWith("003.003", StringComparison.Ordinal);
        int count = isOld ? 4 : heard.Bytes[0];
        if (heard.Bytes.Length < (isOld ? 4 : 1 + count))
        {
            return heard.TooFew;
        }

        ReadOnlySpan<byte> ways = isOld ? heard.Bytes[3..4] : heard.Bytes[1..(1 + count)];
        string names = string.Join(", ", Array.ConvertAll(ways.ToArray(), WayName));
        return Reading.Is(ways.IsEmpty || (isOld && ways[0] == 0) ? service.Seen("refuses connections")
            : ways.IndexOf((byte)1) >= 0 ? service.Seen("security types: " + names).Open("lets anybody in without a password")
            : service.Seen("security types: " + names).Asks());
    }

    /// <summary>The registered ways (IANA, "Remote Framebuffer Security Types").</summary>
    private static string WayName(byte way) => way switch
    {
        1 => "none",
        2 => "VNC password",
        16 => "Tight",
        18 => "TLS",
        19 => "VeNCrypt",
        30 => "Apple",
        _ => way.ToString(CultureInfo.InvariantCulture),
    };
}
