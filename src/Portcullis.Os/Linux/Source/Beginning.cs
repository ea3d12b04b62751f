using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Portcullis.Os.Linux.Source;

/// <summary>The beginning of what a program says, which may be without an end.</summary>
internal static class Beginning
{
    /// <summary>Reads to the end, so that the program need not wait, and keeps at most so many octets.</summary>
    internal static async Task<byte[]> Of(Stream from, int most, CancellationToken cancellation)
    {
        using MemoryStream kept = new();
        byte[] buffer = new byte[1 << 14];
        for (int count = await from.ReadAsync(buffer, cancellation).ConfigureAwait(false); count > 0; count = await from.ReadAsync(buffer, cancellation).ConfigureAwait(false))
        {
            kept.Write(buffer, 0, Math.Min(count, most - (int)kept.Length));
        }

        return kept.ToArray();
    }
}
