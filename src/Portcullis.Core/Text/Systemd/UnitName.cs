using System;
using System.Globalization;
using System.Text;

namespace Portcullis.Core.Text.Systemd;

/// <summary>The grammar of unit names, systemd.unit(5): PREFIX.TYPE, PREFIX@.TYPE (a template), PREFIX@INSTANCE.TYPE.</summary>
public static class UnitName
{
    /// <summary>The longest name in characters (UNIT_NAME_MAX without its final zero).</summary>
    public const int Longest = 255;

    private static readonly string[] Types =
        ["service", "socket", "target", "device", "mount", "automount", "swap", "timer", "path", "slice", "scope"];

    /// <summary>Whether this is the name of a unit of any kind, templates included.</summary>
    public static bool IsValid(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > Longest)
        {
            return false;
        }

        int dot = name.LastIndexOf('.');
        return dot > 0
            && name[0] != '@'
            && Array.IndexOf(Types, name[(dot + 1)..]) >= 0
            && HasOnlyAllowed(name.AsSpan(0, dot));
    }

    /// <summary>Whether a valid name is that of a template, such as "getty@.service".</summary>
    public static bool IsTemplate(string name) => At(name) is int at and > 0 && at + 1 == Dot(name);

    /// <summary>Whether a valid name is that of an instance, such as "getty@tty1.service".</summary>
    public static bool IsInstance(string name) => At(name) is int at and > 0 && at + 1 < Dot(name);

    /// <summary>The type after the last dot, such as "service".</summary>
    public static string TypeOf(string name) => name[(Dot(name) + 1)..];

    /// <summary>The name without its type: "getty@tty1".</summary>
    public static string Stem(string name) => name[..Dot(name)];

    /// <summary>The name before the "@", or before the type where there is none.</summary>
    public static string Prefix(string name) => At(name) is int at and > 0 ? name[..at] : Stem(name);

    /// <summary>What stands between "@" and the type; empty for a template; null for a name without "@".</summary>
    public static string? Instance(string name) => At(name) is int at and > 0 ? name[(at + 1)..Dot(name)] : null;

    /// <summary>The template of an instance: "getty@.service" for "getty@tty1.service"; null for anything else.</summary>
    public static string? Template(string name) => IsInstance(name) ? $"{Prefix(name)}@.{TypeOf(name)}" : null;

    /// <summary>The same template or instance with another instance.</summary>
    public static string WithInstance(string name, string instance) => $"{Prefix(name)}@{instance}.{TypeOf(name)}";

    /// <summary>Undoes systemd-escape(1): "-" stands for "/", "\x2d" for the byte 2d. A broken escape stays as it is written.</summary>
    public static string Unescape(string text) => Decode(text, slashes: true);

    /// <summary>Undoes only the "\x2d" escapes and leaves each "-" alone, as machine names are escaped.</summary>
    public static string UnescapeBytes(string text) => Decode(text, slashes: false);

    // A plain loop: the vectorised search would be compiled anew in every run, which costs more than all names together.
    private static bool HasOnlyAllowed(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not (':' or '-' or '_' or '.' or '\\' or '@'))
            {
                return false;
            }
        }

        return true;
    }

    private static string Decode(string text, bool slashes)
    {
        if (text.AsSpan().IndexOfAny('\\', '-') < 0)
        {
            return text;
        }

        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 3 < text.Length && text[at + 1] == 'x'
                && byte.TryParse(text.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                bytes[length++] = value;
                at += 3;
            }
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int consumed);
                length += (slashes && rune.Value == '-' ? new Rune('/') : rune).EncodeToUtf8(bytes.AsSpan(length));
                at += consumed - 1;
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int At(string name) => name.IndexOf('@', StringComparison.Ordinal);

    private static int Dot(string name) => name.LastIndexOf('.') is int dot and >= 0 ? dot : name.Length - 1;
}
