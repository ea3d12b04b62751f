using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Packets;

namespace Portcullis.Os.Linux.Tracing;

/// <summary>Opens the ways to see a connection, on Linux.</summary>
internal sealed class TraceDoors(IProbeDoors probes) : ITraceDoors
{
    private const string What = "the packets of the connection";

    /// <inheritdoc/>
    public IPacketDoor? OpenPackets(IpAddress target, ushort port, int ports, ushort firstPort, out Gap? gap)
    {
        if (!probes.HasRawPackets(out string why))
        {
            gap = new Gap(What, why, why == "not root" ? "run with sudo" : null);
            return null;
        }

        PacketDoor? door = PacketDoor.Open(target, port, ports, firstPort, out int error);
        gap = door is not null ? null : new Gap(
            What,
            $"this kernel does not let itself be kept out of the connection ({(error == Errno.EOPNOTSUPP ? "nf_tables with owned tables: Linux 5.12" : Errno.Text(error))})",
            error == Errno.EPERM ? "run with sudo, or with CAP_NET_ADMIN beside CAP_NET_RAW" : null);
        return door;
    }

    /// <inheritdoc/>
    public IConnectionDoor OpenConnection(IpAddress target, ushort port)
    {
        _ = Route.To(target); // refuses what is no host's address, too
        return ConnectionDoor.Begin(target, port);
    }
}
