using System;
using System.Collections.Generic;
using System.Text;

namespace Portcullis.Core.Text;

/// <summary>Reads files of the form of sysctl.d(5) and sysctl.conf(5). A line that is none is left out, as systemd and procps do.</summary>
public static class SysctlConfiguration
{
    /// <summary>The assignments of one file, in order.</summary>
    public static List<SysctlAssignment> Parse(string text)
    {
        List<SysctlAssignment> found = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> rest = line.Trim();
            if (rest.IsEmpty || rest[0] is '#' or ';')
            {
                continue;
            }

            // "-name" alone is an exception from patterns; "-name = value" only means that a failure does not matter.
            bool isMarked = rest[0] == '-';
            rest = isMarked ? rest[1..] : rest;
            int equals = rest.IndexOf('=');
            string name = Dotted((equals < 0 ? rest : rest[..equals]).Trim());
            if (name.Length > 0 && (equals >= 0 || isMarked))
            {
                found.Add(new SysctlAssignment(name, equals < 0 ? null : Plain(rest[(equals + 1)..]), number));
            }
        }

        return found;
    }

    /// <summary>A value without spaces around it and with one between its words, as two spellings of one value are the same.</summary>
    public static string Plain(ReadOnlySpan<char> value)
    {
        StringBuilder plain = new(value.Length);
        foreach (char letter in value.Trim())
        {
            if (!char.IsWhiteSpace(letter))
            {
                plain.Append(letter);
            }
            else if (plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return plain.ToString();
    }

    /// <summary>The first separator says which of "." and "/" separates; the other then stands for itself (sysctl.d(5)).</summary>
    private static string Dotted(ReadOnlySpan<char> name)
    {
        int first = name.IndexOfAny('.', '/');
        return first < 0 || name[first] == '.'
            ? name.ToString()
            : string.Create(name.Length, name, static (dotted, slashed) =>
            {
                for (int at = 0; at < slashed.Length; at++)
                {
                    dotted[at] = slashed[at] switch { '/' => '.', '.' => '/', char other => other };
                }
            });
    }
}
