using System;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>A listening port of our own on an address of this machine: a sweep that does not find it is not to be relied on.</summary>
internal sealed unsafe class Bait : IDisposable
{
    private readonly int _descriptor;

    /// <summary>Listens where the kernel likes; without a port where it does not let us.</summary>
    internal Bait(IpAddress address, int link)
    {
        _descriptor = LibcSockets.socket(address.Version == IpVersion.V4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_STREAM | LibcSockets.SOCK_CLOEXEC, 0);
        byte* name = stackalloc byte[SocketAddress.Longest];
        uint length = (uint)SocketAddress.Write(new Span<byte>(name, SocketAddress.Longest), address, 0, link);
        if (_descriptor >= 0 && LibcPackets.bind(_descriptor, name, length) == 0 && LibcPackets.listen(_descriptor, 16) == 0)
        {
            length = SocketAddress.Longest;
            Port = LibcPackets.getsockname(_descriptor, name, &length) == 0 ? SocketAddress.ReadPort(new ReadOnlySpan<byte>(name, (int)length)) : null;
        }
    }

    /// <summary>The port; null where there is none.</summary>
    internal ushort? Port { get; }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.close(_descriptor);
}
