using System;
using System.Text;

namespace Portcullis.Core.Text;

/// <summary>The name of an operating system out of os-release(5), whose values are quoted as in a shell.</summary>
public static class OsRelease
{
    /// <summary>PRETTY_NAME; else NAME and VERSION; null where the file has neither.</summary>
    public static string? PrettyName(string text)
    {
        string? name = Value(text, "NAME");
        return Value(text, "PRETTY_NAME") ?? (Value(text, "VERSION") is string version && name is not null ? $"{name} {version}" : name);
    }

    /// <summary>The value of one key, the last where there are several; null where it is missing or empty.</summary>
    public static string? Value(string text, string key)
    {
        string? value = null;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            ReadOnlySpan<char> line = text.AsSpan(range).Trim();
            if (line.Length > key.Length && line[key.Length] == '=' && line.StartsWith(key, StringComparison.Ordinal))
            {
                value = Unquoted(line[(key.Length + 1)..]);
            }
        }

        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static string Unquoted(ReadOnlySpan<char> text)
    {
        StringBuilder result = new(text.Length);
        char quote = '\0';
        for (int at = 0; at < text.Length; at++)
        {
            char letter = text[at];
            if (letter == '\\' && quote != '\'' && at + 1 < text.Length)
            {
                // Inside double quotes a backslash quotes only these; elsewhere it quotes everything.
                if (quote == '"' && !"\"\\$`".Contains(text[at + 1], StringComparison.Ordinal))
                {
                    result.Append(letter);
                }

                result.Append(text[++at]);
            }
            else if (letter is '"' or '\'' && (quote == '\0' || quote == letter))
            {
                quote = quote == '\0' ? letter : '\0';
            }
            else
            {
                result.Append(letter);
            }
        }

        return result.ToString();
    }
}
