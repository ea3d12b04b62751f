using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>A listening port of our own on an address of this machine: a sweep that does not find it is not to be relied on.</summary>
internal sealed unsafe class Bait : IDisposable
{
    private const int Unprivileged = 1_024;
    private const int Tries = 64;

    private int _descriptor;

    /// <summary>Listens on a port that is not asked, where there is one, else where the kernel likes; without a port where it does not let us.</summary>
    internal Bait(IpAddress address, int link, ImmutableArray<ushort> asked)
    {
        bool[] isAsked = new bool[65_536];
        foreach (ushort port in asked)
        {
            isAsked[port] = true;
        }

        int start = Random.Shared.Next(65_536);
        int left = Tries;
        for (int at = 0; at < isAsked.Length && left > 0 && Port is null; at++)
        {
            int port = (start + at) & 0xffff;
            if (port >= Unprivileged && !isAsked[port])
            {
                left--;
                Port = Listen(address, link, port);
            }
        }

        Port ??= Listen(address, link, 0);
    }

    /// <summary>The port; null where there is none.</summary>
    internal ushort? Port { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_descriptor > 0)
        {
            _ = Libc.close(_descriptor);
            _descriptor = 0;
        }
    }

    private ushort? Listen(IpAddress address, int link, int port)
    {
        Dispose();
        _descriptor = LibcSockets.socket(address.Version == IpVersion.V4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_STREAM | LibcSockets.SOCK_CLOEXEC, 0);
        byte* name = stackalloc byte[SocketAddress.Longest];
        uint length = (uint)SocketAddress.Write(new Span<byte>(name, SocketAddress.Longest), address, port, link);
        if (_descriptor < 0 || LibcPackets.bind(_descriptor, name, length) != 0 || LibcPackets.listen(_descriptor, 16) != 0)
        {
            return null;
        }

        length = SocketAddress.Longest;
        return LibcPackets.getsockname(_descriptor, name, &length) == 0 ? SocketAddress.ReadPort(new ReadOnlySpan<byte>(name, (int)length)) : null;
    }
}
