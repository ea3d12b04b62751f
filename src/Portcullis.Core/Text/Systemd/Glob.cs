using System;

namespace Portcullis.Core.Text.Systemd;

/// <summary>Shell patterns as fnmatch(3) with FNM_NOESCAPE reads them: "*", "?", "[a-z]", "[!a-z]"; a backslash is itself.</summary>
public static class Glob
{
    /// <summary>Whether the whole of <paramref name="text"/> matches.</summary>
    /// <remarks>Takes at most pattern times text steps, since only the last "*" is ever tried again.</remarks>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && One(pattern[p..], text[t], out int used))
            {
                p += used;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool One(ReadOnlySpan<char> pattern, char letter, out int used)
    {
        used = 1;
        if (pattern[0] == '?')
        {
            return true;
        }

        // "]" as the first member is a member; a bracket that never closes is an ordinary letter.
        int first = pattern.Length > 1 && pattern[1] is '!' or '^' ? 2 : 1;
        int length = pattern[0] == '[' && pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
        if (length < 0)
        {
            return pattern[0] == letter;
        }

        used = first + length + 2;
        return Holds(pattern[first..(used - 1)], letter) != (first == 2);
    }

    private static bool Holds(ReadOnlySpan<char> members, char letter)
    {
        for (int at = 0; at < members.Length; at++)
        {
            if (at + 2 < members.Length && members[at + 1] == '-')
            {
                if (letter >= members[at] && letter <= members[at + 2])
                {
                    return true;
                }

                at += 2;
            }
            else if (members[at] == letter)
            {
                return true;
            }
        }

        return false;
    }
}
