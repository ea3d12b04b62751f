using System;

namespace Portcullis.Core.Probing.Services;

/// <summary>Answers of three digits, as SMTP (RFC 5321, 4.2), FTP (RFC 959, 4.2) and NNTP give them.</summary>
internal static class Reply
{
    /// <summary>Whether the last line is there: three digits and a blank, where all before have a hyphen.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                return false;
            }

            // Lines in the midst of an FTP answer need no digits.
            if (end >= 3 && IsCode(bytes) && (end == 3 || bytes[3] is (byte)' ' or (byte)'\r'))
            {
                return true;
            }

            bytes = bytes[(end + 1)..];
        }
    }

    private static bool IsCode(ReadOnlySpan<byte> line) => char.IsAsciiDigit((char)line[0]) && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2]);
}
