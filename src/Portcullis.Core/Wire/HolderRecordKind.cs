namespace Portcullis.Core.Wire;

/// <summary>What one <see cref="HolderRecord"/> tells; the numbers are on the wire.</summary>
public enum HolderRecordKind
{
    /// <summary>No record; never on the wire.</summary>
    None = 0,

    /// <summary>The process holds a descriptor of the socket whose inode (in sockfs) is the value.</summary>
    Socket = 1,

    /// <summary>The process, or one of its threads, is in the network namespace whose inode (in nsfs) is the value.</summary>
    Namespace = 2,

    /// <summary>The process holds a descriptor of the network namespace whose inode (in nsfs) is the value.</summary>
    HeldNamespace = 3,

    /// <summary>The descriptors of the process could not be read; the value is the errno.</summary>
    DescriptorsUnreadable = 4,

    /// <summary>The network namespace of the process could not be read; the value is the errno.</summary>
    NamespaceUnreadable = 5,

    /// <summary>
    /// It could not be found out whether threads of the process have descriptors or a namespace of their own (unshare(2),
    /// setns(2)); the value is the errno. What such threads hold alone is missing.
    /// </summary>
    ThreadsUnreadable = 6,

    /// <summary>
    /// Not every process could be listed; the process id is 0, the value the errno, or 0 where the mount hides the
    /// processes of other users (hidepid of proc(5)).
    /// </summary>
    ProcessesHidden = 7,

    /// <summary>
    /// As <see cref="Socket"/>, with more known: the value's low 32 bits are the socket's inode (the kernel's socket inodes have
    /// no more), its high 32 bits the inode of the network namespace the socket lives in, which need not be the process's.
    /// SO_REUSEPORT is not set on it.
    /// </summary>
    SocketIn = 8,

    /// <summary>As <see cref="SocketIn"/>, and SO_REUSEPORT is set on it.</summary>
    SharedSocketIn = 9,

    /// <summary>
    /// Of some sockets of the process (those told as <see cref="Socket"/>) it could not be found out in which network
    /// namespace they live; the value is the errno. A namespace that only such a socket keeps alive is missing.
    /// </summary>
    SocketsUnasked = 10,
}
