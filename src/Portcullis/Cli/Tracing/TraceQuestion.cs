using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Cli.Tracing;

/// <summary>What a trace sends once the connection stands.</summary>
internal static class TraceQuestion
{
    /// <summary>The bytes of the option's text, and what is to be told of them; "auto" chooses by the port.</summary>
    /// <exception cref="InputException">The text cannot be read.</exception>
    internal static (ImmutableArray<byte> Bytes, string? Reason) Of(string? text, string host, ushort port)
    {
        if (text == "auto")
        {
            FirstQuestion question = FirstQuestion.For(port, host);
            return (question.Bytes, question.Reason);
        }

        return (text is null ? [] : Unescape(text), null);
    }

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
