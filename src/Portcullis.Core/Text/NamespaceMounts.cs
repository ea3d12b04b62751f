using System;
using System.Collections.Generic;

namespace Portcullis.Core.Text;

/// <summary>Finds the network namespaces that a mount keeps alive, in /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
public static class NamespaceMounts
{
    private const string NamedDirectory = "/run/netns/";

    /// <summary>One of them.</summary>
    /// <param name="Inode">The namespace's inode in nsfs.</param>
    /// <param name="Path">Where it is mounted.</param>
    /// <param name="Name">Its name, where that is in the directory of ip-netns(8); else empty.</param>
    public sealed record Mount(ulong Inode, string Path, string Name);

    /// <summary>Reads the table; lines of another form or file system are no namespaces.</summary>
    public static List<Mount> Parse(ReadOnlySpan<char> mountinfo)
    {
        List<Mount> mounts = [];
        Span<Range> fields = stackalloc Range[6];
        foreach (Range range in mountinfo.Split('\n'))
        {
            // id parent device root mount-point options… - type source options
            ReadOnlySpan<char> line = mountinfo[range];
            if (line.Split(fields, ' ') == fields.Length && ProcFields.InodeOf(line[fields[3]], "net") is ulong inode)
            {
                string path = Unescape(line[fields[4]]);
                bool named = path.StartsWith(NamedDirectory, StringComparison.Ordinal) && path.IndexOf('/', NamedDirectory.Length) < 0;
                mounts.Add(new Mount(inode, path, named ? path[NamedDirectory.Length..] : ""));
            }
        }

        return mounts;
    }

    /// <summary>Blanks, tabs, newlines and backslashes stand as three octal digits.</summary>
    private static string Unescape(ReadOnlySpan<char> text)
    {
        Span<char> plain = text.Length <= 4096 ? stackalloc char[text.Length] : new char[text.Length];
        int length = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 3 < text.Length && IsOctal(text[at + 1]) && IsOctal(text[at + 2]) && IsOctal(text[at + 3]))
            {
                plain[length++] = (char)(((text[at + 1] - '0') << 6) | ((text[at + 2] - '0') << 3) | (text[at + 3] - '0'));
                at += 3;
            }
            else
            {
                plain[length++] = text[at];
            }
        }

        return plain[..length].ToString();
    }

    private static bool IsOctal(char digit) => digit is >= '0' and <= '7';
}
