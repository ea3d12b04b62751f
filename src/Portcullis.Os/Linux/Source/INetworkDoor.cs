namespace Portcullis.Os.Linux.Source;

/// <summary>Asks the network stack of one namespace.</summary>
internal interface INetworkDoor
{
    /// <summary>All messages of the answer to a netlink dump request, without the closing NLMSG_DONE; refused with the kernel's errno.</summary>
    /// <param name="protocol">A NETLINK_ constant of linux/netlink.h.</param>
    /// <param name="request">The whole message.</param>
    Answer Ask(int protocol, byte[] request);

    /// <summary>The text of a file below /proc/net, such as "raw6".</summary>
    Answer ProcNet(string name);

    /// <summary>
    /// The UDP port of a WireGuard interface in decimal; refused where the kernel does not tell. It has a question of its own
    /// because the kernel's whole answer holds the private key, which must not reach a recording.
    /// </summary>
    /// <param name="index">The interface's index.</param>
    Answer WireGuardPort(int index);
}
