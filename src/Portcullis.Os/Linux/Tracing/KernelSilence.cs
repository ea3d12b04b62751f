using System;
using System.Globalization;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Nft;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Tracing;

/// <summary>
/// Keeps the kernel from answering in one connection, which it does not know and so would reset: what the peer sends to it is dropped
/// before the kernel's TCP sees it, by a rule that lives no longer than our netlink socket (docs/decisions/0005).
/// </summary>
internal sealed class KernelSilence : IDisposable
{
    private readonly NetlinkSocket _socket;

    private KernelSilence(NetlinkSocket socket) => _socket = socket;

    /// <summary>Begins; null with the kernel's errno where it refuses.</summary>
    internal static KernelSilence? Begin(IpAddress target, ushort port, IpAddress source, ushort firstPort, ushort lastPort, out int error)
    {
        NetlinkSocket? socket = NetlinkSocket.Open(LibcSockets.NETLINK_NETFILTER, out error);
        if (socket is null)
        {
            return null;
        }

        string table = string.Create(CultureInfo.InvariantCulture, $"portcullis-trace-{Environment.ProcessId}-{firstPort}");
        error = socket.Dump(NftDrop.Batch(table, target, port, source, firstPort, lastPort)).Error;
        if (error == 0)
        {
            return new KernelSilence(socket);
        }

        socket.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
