using System;
using System.Collections.Generic;
using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text;

/// <summary>
/// Reads the socket tables of proc(5) under net/ (tcp, udp, udplite, raw and their IPv6 twins), for kernels that cannot
/// list a protocol by sock_diag.
/// </summary>
/// <remarks>
/// A row is "sl: local:port remote:port st tx:rx tr:tm retrans uid timeout inode …", addresses in hexadecimal as
/// four-byte words of the machine's order (net/ipv4/tcp_ipv4.c, get_tcp4_sock). Seen on Linux 5.10 to 6.18.
/// </remarks>
public static class ProcNetSockets
{
    /// <summary>One row.</summary>
    /// <param name="Address">The local address.</param>
    /// <param name="Port">The local port; for raw sockets the IP protocol number.</param>
    /// <param name="State">A TCP_… state of net/tcp_states.h.</param>
    /// <param name="ReceiveQueue">Bytes, or for a listening socket connections, that wait.</param>
    /// <param name="Uid">The user who made it.</param>
    /// <param name="Inode">The inode in sockfs.</param>
    public readonly record struct Row(IpAddress Address, int Port, int State, uint ReceiveQueue, uint Uid, ulong Inode);

    /// <summary>Reads all rows.</summary>
    /// <param name="text">The file's text, its headline first.</param>
    /// <param name="rows">The rows that could be read.</param>
    /// <returns>The number of the first line that could not be read; 0 where all could.</returns>
    public static int Read(ReadOnlySpan<char> text, List<Row> rows)
    {
        int bad = 0;
        int line = 0;
        foreach (Range range in text.Split('\n'))
        {
            line++;
            ReadOnlySpan<char> row = text[range].Trim();
            if (line == 1 || row.IsEmpty)
            {
                continue;
            }

            if (TryRead(row, out Row read))
            {
                rows.Add(read);
            }
            else if (bad == 0)
            {
                bad = line;
            }
        }

        return bad;
    }

    private static bool TryRead(ReadOnlySpan<char> row, out Row read)
    {
        read = default;
        Span<Range> fields = stackalloc Range[11];
        int count = row.SplitAny(fields, " \t", StringSplitOptions.RemoveEmptyEntries);
        if (count < 10)
        {
            return false;
        }

        ReadOnlySpan<char> local = row[fields[1]];
        ReadOnlySpan<char> queues = row[fields[4]];
        int colon = local.IndexOf(':');
        int middle = queues.IndexOf(':');
        if (colon < 0 || middle < 0
            || !TryReadAddress(local[..colon], out IpAddress address)
            || !int.TryParse(local[(colon + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int port)
            || port is < 0 or > 65535
            || !int.TryParse(row[fields[3]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int state)
            || !uint.TryParse(queues[(middle + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint queue)
            || !uint.TryParse(row[fields[7]], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)
            || !ulong.TryParse(row[fields[9]], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
        {
            return false;
        }

        read = new Row(address, port, state, queue, uid, inode);
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<char> hex, out IpAddress address)
    {
        address = default;
        if (hex.Length is not (8 or 32))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        for (int word = 0; word < hex.Length / 8; word++)
        {
            if (!uint.TryParse(hex.Slice(word * 8, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
            {
                return false;
            }

            BitConverter.TryWriteBytes(bytes[(word * 4)..], value);
        }

        address = IpAddress.FromNetworkOrder(bytes[..(hex.Length / 2)]);
        return true;
    }
}
