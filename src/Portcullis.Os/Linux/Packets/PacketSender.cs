using System;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Sends IP packets as they are. To other hosts by a packet socket, which goes around this machine's own firewall and leaves nothing in
/// its table of connections; to this machine itself by a raw socket, since the kernel takes packets from 127.0.0.0/8 for martians where
/// they do not come out of its own stack.
/// </summary>
/// <remarks>While a second thread sends one batch, the next is written and answers are read; who is done helps with what is left.</remarks>
internal sealed class PacketSender : IDisposable
{
    private readonly int _descriptor;
    private PacketBatch _filling;
    private PacketBatch _leaving;
    private SendLane? _lane;

    private PacketSender(int descriptor, ReadOnlySpan<byte> address)
    {
        _descriptor = descriptor;
        _filling = new PacketBatch(descriptor, address);
        _leaving = new PacketBatch(descriptor, address);
    }

    /// <summary>Opens one for packets to a target.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static PacketSender Open(Route route, IpAddress target)
    {
        Span<byte> address = stackalloc byte[SocketAddress.Longest];
        bool isV4 = target.Version == IpVersion.V4;
        int descriptor;
        int length;
        if (route.IsLocal)
        {
            descriptor = LibcSockets.socket(isV4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcSockets.SOCK_RAW | LibcSockets.SOCK_CLOEXEC, LibcSockets.IPPROTO_RAW);
            length = SocketAddress.Write(address, target, 0, route.Interface);
        }
        else
        {
            byte[] card = route.Neighbour(target);
            descriptor = PacketSockets.Open();
            length = SocketAddress.WriteLink(address, isV4 ? LibcPackets.ETH_P_IP : LibcPackets.ETH_P_IPV6, route.Interface, card);
        }

        return descriptor >= 0 ? new PacketSender(descriptor, address[..length]) : throw new ProbeException($"a socket for whole packets is refused: {Errno.Text(Errno.Last)}");
    }

    /// <summary>Room for the next packet of the batch; empty where the batch is full.</summary>
    internal Span<byte> Room => _filling.Room;

    /// <summary>Adds what was written to <see cref="Room"/>.</summary>
    internal void Add(int length) => _filling.Add(length);

    /// <summary>
    /// Sends the batch, or begins to; tells whether this one, or the one before, had to wait because the machine's queues were full.
    /// </summary>
    /// <exception cref="ProbeException">The kernel refuses, or refused the batch before.</exception>
    internal bool Flush()
    {
        bool hasWaited = _lane?.Finish() == true;
        if (_filling.Count < SendLane.Worthwhile || Environment.ProcessorCount == 1)
        {
            try
            {
                return _filling.SendRest() | hasWaited;
            }
            finally
            {
                _filling.Clear();
            }
        }

        _lane ??= new SendLane();
        (_filling, _leaving) = (_leaving, _filling);
        _filling.Clear();
        _lane.Begin(_leaving);
        return hasWaited;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lane?.Dispose();
        PacketSockets.Close(_descriptor);
        _filling.Dispose();
        _leaving.Dispose();
    }
}
