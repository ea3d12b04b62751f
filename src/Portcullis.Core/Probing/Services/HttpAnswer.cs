using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// An answer of HTTP/1.x (RFC 9112, 4): "HTTP/1.1 SP status SP reason", header fields, an empty line, the body. As far as it was heard.
/// </summary>
public sealed class HttpAnswer
{
    private const int MostFields = 100;
    private const int EnoughBody = 4096;

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private HttpAnswer(string firstLine, int status, string body)
    {
        FirstLine = firstLine;
        Status = status;
        Body = body;
    }

    /// <summary>The status line.</summary>
    public string FirstLine { get; }

    /// <summary>The status code, 100 to 999.</summary>
    public int Status { get; }

    /// <summary>What was heard of the body, each byte a character.</summary>
    public string Body { get; }

    /// <summary>A header field's value, the first of its name; null where there is none.</summary>
    public string? Field(string name) => _fields.GetValueOrDefault(name);

    /// <summary>The value of the Server field, without anything around it; null where there is none.</summary>
    public string? Server => Field("Server");

    /// <summary>Whether the bytes may be the beginning of an answer.</summary>
    public static bool MayBegin(in Heard heard) =>
        heard.MayBegin("HTTP/1."u8) && (heard.Bytes.Length < 13 || (char.IsAsciiDigit((char)heard.Bytes[9]) && char.IsAsciiDigit((char)heard.Bytes[10]) && char.IsAsciiDigit((char)heard.Bytes[11])));

    /// <summary>Reads an answer.</summary>
    /// <returns>It; null where the bytes are none, or not enough was heard (<see cref="MayBegin"/> tells which).</returns>
    public static HttpAnswer? Read(in Heard heard)
    {
        if (!MayBegin(heard) || heard.Bytes.Length < 13)
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(heard.Bytes);
        int headEnd = EndOfHead(text, out int bodyStart);
        if (headEnd < 0 && !heard.IsEnded)
        {
            return null;
        }

        string[] lines = text[..(headEnd < 0 ? text.Length : headEnd)].Split('\n', MostFields + 1);
        int status = int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        HttpAnswer answer = new(lines[0].TrimEnd('\r'), status, headEnd < 0 ? "" : text[bodyStart..]);
        for (int at = 1; at < lines.Length; at++)
        {
            int colon = lines[at].IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                answer._fields.TryAdd(lines[at][..colon], lines[at][(colon + 1)..].Trim());
            }
        }

        return heard.IsEnded || answer.IsWhole() ? answer : null;
    }

    /// <summary>What stands between two texts in the body; null where they are not both there.</summary>
    public string? Between(string before, string after)
    {
        int at = Body.IndexOf(before, StringComparison.OrdinalIgnoreCase);
        int end = at < 0 ? -1 : Body.IndexOf(after, at + before.Length, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? null : Body[(at + before.Length)..end];
    }

    /// <summary>The value of the first member of that name in a body of JSON, where it is a string without escapes; null otherwise.</summary>
    public string? Member(string name)
    {
        int at = Body.IndexOf($"\"{name}\"", StringComparison.Ordinal);
        ReadOnlySpan<char> rest = at < 0 ? [] : Body.AsSpan(at + name.Length + 2).TrimStart();
        if (!rest.StartsWith(":") || !(rest = rest[1..].TrimStart()).StartsWith("\""))
        {
            return null;
        }

        rest = rest[1..];
        int end = rest.IndexOfAny('"', '\\');
        return end < 0 || rest[end] != '"' ? null : rest[..end].ToString();
    }

    private static int EndOfHead(string text, out int bodyStart)
    {
        int strict = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        int loose = text.IndexOf("\n\n", StringComparison.Ordinal);
        bool isStrict = strict >= 0 && (loose < 0 || strict < loose);
        bodyStart = isStrict ? strict + 4 : loose + 2;
        return isStrict ? strict : loose;
    }

    /// <summary>Whether the whole body was heard (RFC 9112, 6.3), or as much of it as anybody wants to read here.</summary>
    private bool IsWhole() =>
        Status is 204 or 304 || Body.Length >= EnoughBody
        || (int.TryParse(Field("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out int length) && Body.Length >= length)
        || Body.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
}
