using System;
using System.Collections.Generic;
using System.Globalization;

namespace Portcullis.Core.Text;

/// <summary>Reads /proc/net/packet, for kernels that cannot list packet sockets by sock_diag.</summary>
/// <remarks>"sk RefCnt Type Proto Iface R Rmem User Inode" (net/packet/af_packet.c, packet_seq_show); Proto in hexadecimal.</remarks>
public static class ProcNetPacket
{
    /// <summary>One row.</summary>
    /// <param name="LinkProtocol">The EtherType; 3 for all.</param>
    /// <param name="Interface">The index of the bound interface; 0 for all.</param>
    /// <param name="Uid">The user who made it.</param>
    /// <param name="Inode">The inode in sockfs.</param>
    public sealed record Row(int LinkProtocol, int Interface, uint Uid, ulong Inode);

    /// <summary>Reads all rows.</summary>
    /// <param name="text">The file's text, its headline first.</param>
    /// <param name="rows">The rows that could be read.</param>
    /// <returns>The number of the first line that could not be read; 0 where all could.</returns>
    public static int Read(ReadOnlySpan<char> text, List<Row> rows)
    {
        int bad = 0;
        int line = 0;
        Span<Range> fields = stackalloc Range[10];
        foreach (Range range in text.Split('\n'))
        {
            line++;
            ReadOnlySpan<char> row = text[range].Trim();
            if (line == 1 || row.IsEmpty)
            {
                continue;
            }

            int count = row.SplitAny(fields, " \t", StringSplitOptions.RemoveEmptyEntries);
            if (count >= 9
                && ushort.TryParse(row[fields[3]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort protocol)
                && int.TryParse(row[fields[4]], NumberStyles.None, CultureInfo.InvariantCulture, out int boundTo)
                && uint.TryParse(row[fields[7]], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)
                && ulong.TryParse(row[fields[8]], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
            {
                rows.Add(new Row(protocol, boundTo, uid, inode));
            }
            else if (bad == 0)
            {
                bad = line;
            }
        }

        return bad;
    }
}
