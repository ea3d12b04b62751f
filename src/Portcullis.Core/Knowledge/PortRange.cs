using System;
using System.Buffers.Text;
using System.Globalization;

namespace Portcullis.Core.Knowledge;

/// <summary>One port or several neighbouring ones.</summary>
/// <param name="First">0 to 65535.</param>
/// <param name="Last">The last one, included: <paramref name="First"/> to 65535.</param>
public readonly record struct PortRange(int First, int Last)
{
    private const int MaximumPort = 65535;

    /// <summary>How many ports these are: 1 to 65536.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether <paramref name="port"/> is one of them.</summary>
    /// <param name="port">Any number.</param>
    public bool Contains(int port) => First <= port && port <= Last;

    /// <summary>Reads "22" or "6000-6063": decimal, first below last.</summary>
    /// <param name="text">UTF-8 text without spaces.</param>
    /// <param name="range">The range; undefined where the answer is no.</param>
    /// <returns>Whether the whole text is such a range.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out PortRange range)
    {
        range = default;
        int dash = text.IndexOf((byte)'-');
        if (dash < 0)
        {
            bool one = TryParsePort(text, out int port);
            range = new PortRange(port, port);
            return one;
        }

        if (!TryParsePort(text[..dash], out int first) || !TryParsePort(text[(dash + 1)..], out int last) || first >= last)
            return false;

        range = new PortRange(first, last);
        return true;
    }

    /// <summary>"22" or "6000-6063".</summary>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryParsePort(ReadOnlySpan<byte> text, out int port) =>
        Utf8Parser.TryParse(text, out port, out int used) && used == text.Length
            && port is >= 0 and <= MaximumPort && char.IsAsciiDigit((char)text[0]) && (text[0] != '0' || text.Length == 1);
}
