using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Portcullis.Cli.Files;

namespace Portcullis.Cli.Tracing;

/// <summary>What a trace sends once the connection stands.</summary>
internal static class TraceQuestion
{
    // Ports that speak HTTP by register or custom.
    private static readonly ImmutableArray<ushort> Web = [80, 591, 3000, 5000, 8000, 8008, 8080, 8081, 8088, 8888, 9000, 9090];

    /// <summary>The bytes of the option's text; "auto" chooses by the port.</summary>
    /// <exception cref="InputException">The text cannot be read.</exception>
    internal static ImmutableArray<byte> Of(string? text, string host, ushort port) => text switch
    {
        null => [],
        "auto" when Web.Contains(port) => [.. Encoding.ASCII.GetBytes($"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")],
        "auto" => [],
        _ => Unescape(text),
    };

    private static ImmutableArray<byte> Unescape(string text)
    {
        ImmutableArray<byte>.Builder bytes = ImmutableArray.CreateBuilder<byte>();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                int length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, at, length));
                at += length - 1;
                continue;
            }

            at++;
            char kind = at < text.Length ? text[at] : ' ';
            int value = kind switch
            {
                'r' => '\r',
                'n' => '\n',
                't' => '\t',
                '0' => 0,
                '\\' => '\\',
                'x' when at + 2 < text.Length && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte number) => number,
                _ => throw new InputException($"--request: '\\{kind}' is none of: \\r, \\n, \\t, \\0, \\\\, \\x00 to \\xff."),
            };
            at += kind == 'x' ? 2 : 0;
            bytes.Add((byte)value);
        }

        return bytes.ToImmutable();
    }
}
