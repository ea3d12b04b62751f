using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Daytime (RFC 867): the server says the date and the time in one line and closes. Recognised: a line of at most 60 characters
/// with a clock's hh:mm:ss and a year of four digits. Nothing is said to it.
/// </summary>
public sealed class DaytimeProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "daytime";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [13];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> text = heard.Bytes.TrimEnd("\r\n"u8);
        if (heard.IsAsked || text.IsEmpty || text.Length > 60 || heard.Bytes.Length - text.Length > 4 || text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
        {
            return Reading.NotThis;
        }

        return !heard.IsEnded ? Reading.NeedMore : HasClock(text) && HasYear(text) ? Reading.Is(Sighting.Of(Name, text).Open("answers anybody")) : Reading.NotThis;
    }

    private static bool HasClock(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        return colon >= 2 && colon + 5 < text.Length && text[colon + 3] == ':'
            && IsDigits(text[(colon - 2)..colon]) && IsDigits(text[(colon + 1)..(colon + 3)]) && IsDigits(text[(colon + 4)..(colon + 6)]);
    }

    private static bool HasYear(ReadOnlySpan<byte> text)
    {
        int at = text.IndexOf(" 20"u8);
        return at >= 0 && at + 5 <= text.Length && IsDigits(text[(at + 1)..(at + 5)]);
    }

    private static bool IsDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
