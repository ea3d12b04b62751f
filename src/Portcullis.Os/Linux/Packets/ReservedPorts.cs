using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Neighbouring ports that the kernel keeps for us: bound, so that no connection of this machine gets one of them, and not listening, so
/// that the kernel itself ends with a reset what an open port answers.
/// </summary>
internal sealed unsafe class ReservedPorts : IDisposable
{
    private const int Lowest = 33_000;
    private const int Highest = 60_000;
    private const int Tries = 200;

    private readonly List<int> _descriptors = [];

    private ReservedPorts(ushort first) => First = first;

    /// <summary>The first of them.</summary>
    internal ushort First { get; }

    /// <summary>Reserves so many: from that one on where it is not 0 and they are free, else any.</summary>
    /// <exception cref="ProbeException">There are not so many next to each other, or this process may not have so many.</exception>
    internal static ReservedPorts Take(IpAddress source, int link, int count, ushort wanted = 0)
    {
        if (OpenFiles.Room() < count)
        {
            throw OpenFiles.TooFew();
        }

        for (int tries = 0; tries < Tries; tries++)
        {
            ReservedPorts ports = new(tries == 0 && wanted > 0 ? wanted : (ushort)RandomNumberGenerator.GetInt32(Lowest, Highest - count));
            if (ports.TryBind(source, link, count))
            {
                return ports;
            }

            ports.Dispose();
        }

        throw new ProbeException($"this machine has no {count} free ports next to each other to send from");
    }

    private bool TryBind(IpAddress source, int link, int count)
    {
        byte* address = stackalloc byte[SocketAddress.Longest];
        for (int at = 0; at < count; at++)
        {
            int descriptor = LibcSockets.socket(source.Version == IpVersion.V4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_STREAM | LibcSockets.SOCK_CLOEXEC, 0);
            if (descriptor < 0)
            {
                return false;
            }

            _descriptors.Add(descriptor);
            int length = SocketAddress.Write(new Span<byte>(address, SocketAddress.Longest), source, First + at, link);
            if (LibcPackets.bind(descriptor, address, (uint)length) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (int descriptor in _descriptors)
        {
            _ = Libc.close(descriptor);
        }
    }
}
