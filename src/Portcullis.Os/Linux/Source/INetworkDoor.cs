namespace Portcullis.Os.Linux.Source;

/// <summary>Asks the network stack of one namespace.</summary>
internal interface INetworkDoor
{
    /// <summary>All messages of the answer to a netlink dump request, without the closing NLMSG_DONE; refused with the kernel's errno.</summary>
    /// <param name="protocol">A NETLINK_ constant of linux/netlink.h.</param>
    /// <param name="request">The whole message.</param>
    Answer Ask(int protocol, byte[] request);

    /// <summary>The answer of getsockopt(2) on a raw socket, by which the older iptables tells its tables.</summary>
    /// <param name="level">IPPROTO_IP or IPPROTO_IPV6; the socket is of the same version.</param>
    /// <param name="option">The option.</param>
    /// <param name="question">What the answer's buffer begins with.</param>
    /// <param name="length">The length of the answer in bytes, at least that of the question.</param>
    Answer Option(int level, int option, byte[] question, int length);

    /// <summary>The text of a file below /proc/net, such as "raw6".</summary>
    Answer ProcNet(string name);

    /// <summary>
    /// The UDP port of a WireGuard interface in decimal; refused where the kernel does not tell. It has a question of its own
    /// because the kernel's whole answer holds the private key, which must not reach a recording.
    /// </summary>
    /// <param name="index">The interface's index.</param>
    Answer WireGuardPort(int index);

    /// <summary>The numbers of the BPF programs that are attached to the namespace itself or to an interface of it (BPF_PROG_QUERY), u32 each.</summary>
    /// <param name="attachment">A constant of enum bpf_attach_type in linux/bpf.h.</param>
    /// <param name="index">The interface's index; 0 for the namespace.</param>
    Answer Programs(uint attachment, int index);
}
