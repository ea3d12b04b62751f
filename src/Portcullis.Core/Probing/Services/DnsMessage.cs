using System;
using System.Buffers.Binary;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// A message of the Domain Name System (RFC 1035, 4.1): u16 id, u16 flags, four u16 counts, then the question, the answers. Here only
/// the question for the server's version, and what it says to it.
/// </summary>
internal static class DnsMessage
{
    private const int HeaderLength = 12;

    /// <summary>TXT of version.bind in CHAOS, without recursion.</summary>
    internal static byte[] VersionQuestion { get; } =
        [0x50, 0x6f, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, .. "version"u8, 4, .. "bind"u8, 0, 0, 16, 0, 3];

    /// <summary>Whether the first four bytes can be those of the answer.</summary>
    internal static bool MayBegin(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && bytes[0] == 0x50 && bytes[1] == 0x6f && (bytes[2] & 0xf8) == 0x80;

    /// <summary>Reads the answer; null where it is none.</summary>
    internal static IdentifiedService? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength || !MayBegin(message))
        {
            return null;
        }

        int code = message[3] & 15;
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        string? version = answers == 0 ? null : FirstText(message);
        (string? product, string? number) = Split(version);
        return Sighting.Of("domain", version is null ? $"answers, code {code} ({CodeName(code)})" : $"version.bind: {version}")
            .Open("answers anybody's questions of this kind").By(product, number);
    }

    /// <summary>The first string of the first answer, which for this question repeats the name by a pointer or in full.</summary>
    private static string? FirstText(ReadOnlySpan<byte> message)
    {
        int at = SkipName(message, HeaderLength);
        at = at < 0 ? -1 : SkipName(message, at + 4);

        // u16 type, u16 class, u32 time to live, u16 length, u8 length of the string
        if (at < 0 || at + 11 > message.Length || BinaryPrimitives.ReadUInt16BigEndian(message[at..]) != 16)
        {
            return null;
        }

        int length = message[at + 10];
        return at + 11 + length > message.Length ? null : Encoding.Latin1.GetString(message.Slice(at + 11, length));
    }

    private static int SkipName(ReadOnlySpan<byte> message, int at)
    {
        while (at < message.Length)
        {
            int label = message[at];
            if (label == 0)
            {
                return at + 1;
            }

            if (label >= 0xc0)
            {
                return at + 2;
            }

            at += 1 + label;
        }

        return -1;
    }

    /// <summary>"dnsmasq-2.90", "unbound 1.17.1", "9.18.49-1~deb12u3-Debian" (BIND says its number alone).</summary>
    private static (string? Product, string? Version) Split(string? text)
    {
        foreach (string product in (string[])["dnsmasq", "unbound", "PowerDNS Recursor", "PowerDNS Authoritative Server", "Knot DNS", "Knot Resolver", "NSD"])
        {
            if (text is not null && text.StartsWith(product, StringComparison.OrdinalIgnoreCase))
            {
                return (product, Sighting.After(text.Replace('-', ' '), product));
            }
        }

        bool isBind = text is { Length: > 3 } && text[0] == '9' && text[1] == '.' && char.IsAsciiDigit(text[2]);
        return isBind ? ("BIND", text!.Split('-', ' ', '+')[0]) : (null, null);
    }

    private static string CodeName(int code) => code switch { 0 => "no error", 1 => "format error", 2 => "server failure", 3 => "no such name", 4 => "not implemented", 5 => "refused", _ => "another" };
}
