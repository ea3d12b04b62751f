using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Wire;

/// <summary>The established TCP connections of some local ports (sock_diag(7)), chosen by the kernel, so that all others cost no answer.</summary>
public static class PeerDiag
{
    /// <summary>The most ports of one request; the code for more would not fit the 16-bit jumps of the kernel's filter with room to spare.</summary>
    public const int MostPorts = 2048;

    private const int RequestLength = 56;
    private const int RowLength = 72;
    private const byte TCP = 6;
    private const ushort INET_DIAG_REQ_BYTECODE = 1;
    private const byte INET_DIAG_BC_JMP = 1;
    private const byte INET_DIAG_BC_S_EQ = 11; // since Linux 4.16
    private const int Block = 12;

    /// <summary>Makes the request.</summary>
    /// <param name="family"><see cref="InetDiag.AF_INET"/> or <see cref="InetDiag.AF_INET6"/>.</param>
    /// <param name="ports">The local ports, 1 to <see cref="MostPorts"/> of them.</param>
    public static byte[] Request(byte family, IReadOnlyList<int> ports)
    {
        byte[] body = new byte[RequestLength + 4 + (ports.Count * Block)];
        body[0] = family;
        body[1] = TCP;
        BitConverter.TryWriteBytes(body.AsSpan(4), 1u << InetDiag.TCP_ESTABLISHED);
        Span<byte> attribute = body.AsSpan(RequestLength);
        BitConverter.TryWriteBytes(attribute, (ushort)attribute.Length);
        BitConverter.TryWriteBytes(attribute[2..], INET_DIAG_REQ_BYTECODE);
        Write(attribute[4..], ports);
        return Netlink.Dump(InetDiag.SOCK_DIAG_BY_FAMILY, body);
    }

    /// <summary>Decodes one row.</summary>
    /// <param name="payload">The message without its header.</param>
    /// <param name="port">The local port.</param>
    /// <param name="peer">The other end's address.</param>
    /// <returns>Whether it is a row.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out int port, out IpAddress peer)
    {
        port = 0;
        peer = default;
        if (payload.Length < RowLength || payload[0] is not (InetDiag.AF_INET or InetDiag.AF_INET6))
        {
            return false;
        }

        port = BinaryPrimitives.ReadUInt16BigEndian(payload[4..]);
        peer = (payload[0] == InetDiag.AF_INET ? IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(payload[24..])) : IpAddress.FromNetworkOrder(payload.Slice(24, 16))).Unmapped();
        return true;
    }

    /// <summary>
    /// "Port is the first, or the second, or …" in the filter language of linux/inet_diag.h (struct inet_diag_bc_op: code, jump where
    /// true, jump where not). A jump to the end takes the socket, one beyond it leaves it out; the kernel walks by the first jumps
    /// when it checks that each target is an instruction (inet_diag_bc_audit).
    /// </summary>
    private static void Write(Span<byte> code, IReadOnlyList<int> ports)
    {
        for (int i = 0; i < ports.Count; i++)
        {
            Span<byte> block = code.Slice(i * Block, Block);
            bool isLast = i == ports.Count - 1;
            Operation(block, INET_DIAG_BC_S_EQ, yes: 8, no: isLast ? Block + 4 : Block);
            Operation(block[4..], 0, yes: 0, no: ports[i]);
            Operation(block[8..], INET_DIAG_BC_JMP, yes: 4, no: code.Length - (i * Block) - 8);
        }
    }

    private static void Operation(Span<byte> place, byte code, byte yes, int no)
    {
        place[0] = code;
        place[1] = yes;
        BitConverter.TryWriteBytes(place[2..], (ushort)no);
    }
}
