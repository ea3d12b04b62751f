using System;

namespace Portcullis.Core.Text.Packages;

/// <summary>dpkg's list of one package's files, /var/lib/dpkg/info/NAME.list: one absolute path a line.</summary>
public static class DpkgFileList
{
    /// <summary>The first line that no such list has; null for a sound list.</summary>
    public static LineError? Check(ReadOnlySpan<byte> text)
    {
        int line = 0;
        if (text.IsEmpty)
        {
            return new LineError(1, "the list is empty");
        }

        while (!text.IsEmpty)
        {
            line++;
            int end = text.IndexOf((byte)'\n');
            if (text[0] != (byte)'/' || (end < 0 ? text : text[..end]).Contains((byte)0))
            {
                return new LineError(line, "it is no path");
            }

            if (end < 0)
            {
                return new LineError(line, "it breaks off in the middle of a line");
            }

            text = text[(end + 1)..];
        }

        return null;
    }
}
