using System;
using System.Collections.Generic;
using System.Text;

namespace Portcullis.Os.Linux.Source;

/// <summary>Finds which of a few wanted lines stand in a large text, comparing bytes in place.</summary>
internal sealed class LineSet
{
    // By length: a package's list has thousands of lines, and few of them are as long as one of ours.
    private readonly Dictionary<int, List<(byte[] Bytes, string Text)>> _byLength = [];

    internal LineSet(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            if (!_byLength.TryGetValue(bytes.Length, out List<(byte[] Bytes, string Text)>? same))
            {
                _byLength[bytes.Length] = same = [];
            }

            same.Add((bytes, line));
        }
    }

    /// <summary>Tells of every wanted line that is a whole line of <paramref name="text"/>.</summary>
    internal void Collect(ReadOnlySpan<byte> text, Action<string> hit)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (_byLength.TryGetValue(line.Length, out List<(byte[] Bytes, string Text)>? same))
            {
                foreach ((byte[] bytes, string wanted) in same)
                {
                    if (line.SequenceEqual(bytes))
                    {
                        hit(wanted);
                    }
                }
            }
        }
    }
}
