using System;
using System.Globalization;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The one place in which bytes from a stranger become text that may be shown: one line, bounded, nothing in it that moves a cursor,
/// colours a screen or turns the direction of writing.
/// </summary>
public static class SeenText
{
    /// <summary>The most characters of an evidence.</summary>
    public const int MostEvidence = 200;

    /// <summary>The most characters of a product, a version, a name.</summary>
    public const int MostWord = 80;

    /// <summary>Bytes as one printable line: line ends between text become " | ", what is not printable is written in hexadecimal.</summary>
    /// <param name="bytes">What was received.</param>
    /// <param name="most">The most characters of the result; what is cut off is marked by "...".</param>
    public static string Of(ReadOnlySpan<byte> bytes, int most = MostEvidence)
    {
        // More can never be shown: every byte is at least a quarter of a character.
        ReadOnlySpan<byte> rest = TrimEnds(bytes[..Math.Min(bytes.Length, (most + 1) * 4)]);
        StringBuilder text = new(Math.Min(rest.Length, most));
        while (!rest.IsEmpty && text.Length <= most)
        {
            bool isWhole = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (!isWhole)
            {
                length = 1;
                text.Append(CultureInfo.InvariantCulture, $"\\x{rest[0]:x2}");
            }
            else if (rest[0] is (byte)'\r' or (byte)'\n')
            {
                length = rest.Length - rest.TrimStart("\r\n"u8).Length;
                text.Append(" | ");
            }
            else
            {
                Append(text, rune);
            }

            rest = rest[length..];
        }

        return Cut(text, most);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte}, int)"/>
    /// <param name="text">Text that was made of what was received.</param>
    /// <param name="most">The most characters of the result.</param>
    public static string Of(string text, int most = MostEvidence) => Of(Encoding.UTF8.GetBytes(text.Length > most * 4 ? text[..(most * 4)] : text), most);

    /// <summary>A product, a version or a name: null where nothing is left of it.</summary>
    public static string? Word(ReadOnlySpan<byte> bytes) => Of(bytes.Trim(" \t"u8), MostWord) is { Length: > 0 } word ? word : null;

    /// <inheritdoc cref="Word(ReadOnlySpan{byte})"/>
    public static string? Word(string? text) => text is null ? null : Word(Encoding.UTF8.GetBytes(text.Length > MostWord * 4 ? text[..(MostWord * 4)] : text));

    private static ReadOnlySpan<byte> TrimEnds(ReadOnlySpan<byte> bytes) => bytes.Trim("\r\n \t\0"u8);

    private static void Append(StringBuilder text, Rune rune)
    {
        if (IsHarmless(rune))
        {
            text.Append(rune.ToString());
        }
        else if (rune.Value < 0x80)
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
    }

    /// <summary>
    /// Printable ASCII, and the letters of Latin-1 and Latin Extended: written from left to right, one place wide each, and not
    /// put on top of others.
    /// </summary>
    private static bool IsHarmless(Rune rune) => rune.Value is (>= ' ' and <= '~') or (>= 0xa1 and <= 0x24f and not 0xad);

    private static string Cut(StringBuilder text, int most)
    {
        if (text.Length > most)
        {
            text.Length = most - 3;
            text.Append("...");
        }

        return text.ToString();
    }
}
