using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Tells the kernel's own sockets from those whose holder was not seen.</summary>
public static class KernelSocket
{
    /// <summary>What in the kernel has the socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="network">Its namespace; null where it is not known.</param>
    /// <returns>"vxlan tunnel" and the like, or the name of a service ("nfsd"); null where a process has it, or where nothing in the kernel says so.</returns>
    public static string? Of(SocketFacts socket, NetworkNamespace? network)
    {
        // A process that was seen with it is the holder, whatever the kernel would have on that port.
        if (network is null || !socket.Holders.IsEmpty)
        {
            return null;
        }

        if (TunnelOf(socket, network) is NetworkInterface tunnel)
        {
            return tunnel.Kind is string kind ? $"{kind} tunnel" : "tunnel";
        }

        foreach (KernelService service in network.KernelServices)
        {
            if (Fits(service, socket))
            {
                return service.Name;
            }
        }

        return null;
    }

    /// <summary>Whether the kernel has it for a tunnel: what comes in is taken before anybody is asked about the socket (udp_queue_rcv_one_skb in net/ipv4/udp.c).</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="network">Its namespace; null where it is not known.</param>
    public static bool IsTunnel(SocketFacts socket, NetworkNamespace? network) => network is not null && socket.Holders.IsEmpty && TunnelOf(socket, network) is not null;

    private static NetworkInterface? TunnelOf(SocketFacts socket, NetworkNamespace network)
    {
        if (socket.Protocol == Protocol.Udp)
        {
            foreach (NetworkInterface one in network.Interfaces)
            {
                if (one.TunnelPort == socket.Port)
                {
                    return one;
                }
            }
        }

        return null;
    }

    // Only root sets these services up, and their sockets are made in root's name: one of somebody else's is another.
    private static bool Fits(KernelService service, SocketFacts socket) =>
        socket.Uid == 0
        && service.Protocol == socket.Protocol
        && service.Port == socket.Port
        && (service.Address is not IpAddress address || address.Unmapped() == socket.Address?.Unmapped());
}
