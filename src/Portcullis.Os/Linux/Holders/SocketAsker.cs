using System;
using System.Collections.Generic;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>
/// Asks held sockets in which network namespace they live, and for SO_REUSEPORT, each once: what the files of /proc do not
/// tell. About 2 microseconds a socket. Serves one thread.
/// </summary>
internal sealed unsafe class SocketAsker
{
    // A tenth of a second or two; a machine with more sockets is told of what was left out.
    private const int MostSockets = 1 << 17;

    // What is known of a socket by inode: the record's kind and value. The inodes are the kernel's own, one after the other.
    private readonly Dictionary<ulong, HolderRecord> _asked = [];

    // SO_NETNS_COOKIE is never given twice, so a namespace is looked up once.
    private readonly Dictionary<ulong, ulong> _namespaces = [];

    private int _never;
    private int _id;
    private bool _isThread;
    private int _process = -1;
    private int _refused;

    /// <summary>Starts a scan.</summary>
    /// <param name="never">The errno for which nothing is to be asked; 0 for none.</param>
    internal void Clear(int never)
    {
        _asked.Clear();
        _namespaces.Clear();
        _never = never;
    }

    /// <summary>Starts with the descriptors of a process or thread.</summary>
    internal void Begin(int id, bool isThread)
    {
        _id = id;
        _isThread = isThread;
        _refused = 0;
    }

    /// <summary>Ends with them; gives 0, or the errno for which some of their sockets were not asked.</summary>
    internal int End()
    {
        if (_process >= 0)
        {
            _ = Libc.close(_process);
            _process = -1;
        }

        return _refused;
    }

    /// <summary>What to tell of a socket among them.</summary>
    /// <param name="pid">The process id.</param>
    /// <param name="directory">The directory of its descriptors.</param>
    /// <param name="name">The name of its entry among the descriptors.</param>
    /// <param name="inode">Its inode.</param>
    internal HolderRecord RecordOf(int pid, int directory, byte* name, ulong inode)
    {
        if (!_asked.TryGetValue(inode, out HolderRecord known))
        {
            known = new HolderRecord(HolderRecordKind.Socket, 0, inode);
            if (Open() && Ask(ProcNumber.Name(name), inode, ref known))
            {
                _asked[inode] = known;
            }
            else if (_refused == 0 && IsThere(directory, name, inode))
            {
                _refused = Errno.EAGAIN; // neither closed nor gone, and yet it gave no answer
            }
        }

        return known with { Pid = pid };
    }

    private bool Open()
    {
        if (_refused == 0 && _process < 0)
        {
            _refused = _never != 0 ? _never : _asked.Count >= MostSockets ? Errno.EOVERFLOW : 0;
            if (_refused == 0)
            {
                _process = BorrowedDescriptor.OpenProcess(_id, _isThread);
                Note(_process < 0 ? Errno.Last : 0);
            }
        }

        return _process >= 0 && _refused == 0;
    }

    private bool Ask(int descriptor, ulong inode, ref HolderRecord known)
    {
        int socket = BorrowedDescriptor.Take(_process, descriptor);
        if (socket < 0)
        {
            Note(Errno.Last);
            return false;
        }

        int shared = 0;
        uint length = sizeof(int);
        ulong network = NamespaceOf(socket, out bool isNew);
        _ = LibcSockets.getsockopt(socket, LibcSockets.SOL_SOCKET, LibcSockets.SO_REUSEPORT, &shared, &length);

        // It may have been closed and another opened in its place since its link was read. Where the answer is the usual one (a
        // namespace seen before, a port not shared) that makes no difference worth a system call for each of ten thousand connections.
        bool isSame = (!isNew && shared == 0) || BorrowedDescriptor.InodeOf(socket) == inode;
        _ = Libc.close(socket);
        if (!isSame || network == 0 || inode > uint.MaxValue)
        {
            return false;
        }

        known = new HolderRecord(shared == 0 ? HolderRecordKind.SocketIn : HolderRecordKind.SharedSocketIn, 0, (network << 32) | inode);
        return true;
    }

    private static bool IsThere(int directory, byte* name, ulong inode)
    {
        const int Size = 64;
        byte* link = stackalloc byte[Size];
        nint length = Libc.readlinkat(directory, name, link, Size);
        return length > 0 && ProcNumber.Inode(new ReadOnlySpan<byte>(link, (int)length), "socket:["u8) == inode;
    }

    private ulong NamespaceOf(int socket, out bool isNew)
    {
        isNew = false;
        ulong cookie;
        uint length = sizeof(ulong);
        bool hasCookie = LibcSockets.getsockopt(socket, LibcSockets.SOL_SOCKET, LibcSockets.SO_NETNS_COOKIE, &cookie, &length) == 0;
        if (hasCookie && _namespaces.TryGetValue(cookie, out ulong network))
        {
            return network;
        }

        isNew = true;
        int descriptor = Libc.ioctl(socket, Libc.SIOCGSKNS);
        if (descriptor < 0)
        {
            Note(Errno.Last);
            return 0;
        }

        network = BorrowedDescriptor.InodeOf(descriptor);
        _ = Libc.close(descriptor);
        if (hasCookie && network != 0)
        {
            _namespaces[cookie] = network;
        }

        return network;
    }

    /// <summary>A process or descriptor that is gone has nothing to tell; whatever else is in the way has to be told.</summary>
    private void Note(int error)
    {
        _refused = error is 0 or Errno.EBADF or Errno.ESRCH ? _refused : error;
        _never = error == Errno.ENOSYS ? error : _never;
    }
}
