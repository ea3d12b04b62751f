using System;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>
/// Reads what processes hold out of /proc. One walker serves one thread; it works in buffers on that thread's stack and
/// allocates nothing for a process or descriptor.
/// </summary>
/// <remarks>
/// Nine tenths of the time go into readlinkat(2) of descriptors, about 2 to 3 microseconds each in the kernel. The links are
/// read rather than followed: stat(2) would be a little quicker, but could wait for a dead file server.
/// </remarks>
internal unsafe ref struct ProcWalker
{
    /// <summary>The bytes of stack that a walker wants.</summary>
    internal const int BufferSize = EntriesSize + EntriesSize + PathSize + LinkSize;

    private const int EntriesSize = 16384;
    private const int PathSize = 128;

    // Long enough for "socket:[18446744073709551615]"; of longer links only the beginning matters.
    private const int LinkSize = 128;

    // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name with a final zero.
    private const int RecordLengthAt = 16;
    private const int NameAt = 19;

    private const int OpenDirectory = Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK;

    private readonly int _proc;
    private readonly bool _canCompare;
    private readonly RecordBuffer _out;
    private readonly byte* _entries;
    private readonly byte* _threads;
    private readonly byte* _path;
    private readonly byte* _link;
    private readonly NamespaceFile _namespaceFile;
    private readonly SocketAsker _sockets;

    /// <param name="proc">A descriptor of /proc.</param>
    /// <param name="canCompare">Whether process ids of this /proc are those of our own PID namespace, as kcmp(2) takes them.</param>
    /// <param name="buffer"><see cref="BufferSize"/> bytes that live as long as the walker.</param>
    /// <param name="records">Where to write.</param>
    /// <param name="sockets">Whom to ask of sockets.</param>
    internal ProcWalker(int proc, bool canCompare, byte* buffer, RecordBuffer records, SocketAsker sockets)
    {
        _sockets = sockets;
        _proc = proc;
        _canCompare = canCompare;
        _out = records;
        _entries = buffer;
        _threads = _entries + EntriesSize;
        _path = _threads + EntriesSize;
        _link = _path + PathSize;
        _namespaceFile = new NamespaceFile(proc);
    }

    /// <summary>How many descriptors were looked at.</summary>
    internal int Seen { get; private set; }

    /// <summary>Reads one process; one that ends meanwhile is left out from there on.</summary>
    internal void Process(int pid)
    {
        byte* end = ProcNumber.Write(_path, pid);
        ulong home = NamespaceOf(pid, end);
        if (home != 0)
        {
            _out.Add(HolderRecordKind.Namespace, pid, home);
        }

        int error = Descriptors(pid, end, pid);
        if (error != 0)
        {
            _out.Add(HolderRecordKind.DescriptorsUnreadable, pid, (ulong)error);
            return; // the threads' descriptors have the same guard
        }

        if (HasThreads(end))
        {
            Threads(pid, home, end);
        }
    }

    /// <summary>The network namespace of the process or thread whose directory is in the path up to <paramref name="end"/>; 0 for none.</summary>
    private readonly ulong NamespaceOf(int pid, byte* end)
    {
        ProcNumber.Write(end, "/ns/net\0"u8);
        nint length = Libc.readlinkat(_proc, _path, _link, LinkSize);
        if (length >= 0)
        {
            return ProcNumber.Inode(new ReadOnlySpan<byte>(_link, (int)length), "net:["u8);
        }

        int error = Errno.Last;
        if (!Ended(error))
        {
            _out.Add(HolderRecordKind.NamespaceUnreadable, pid, (ulong)error);
        }

        return 0;
    }

    /// <summary>Writes down the sockets and namespaces among the descriptors; gives 0 or an errno.</summary>
    private int Descriptors(int pid, byte* end, int thread)
    {
        ProcNumber.Write(end, "/fd\0"u8);
        int directory = Libc.openat(_proc, _path, OpenDirectory, 0);
        if (directory < 0)
        {
            return Ended(Errno.Last) ? 0 : Errno.Last;
        }

        int error = 0;
        _sockets.Begin(thread, isThread: thread != pid);
        while (error == 0)
        {
            nint count = Libc.getdents64(directory, _entries, EntriesSize);
            if (count <= 0)
            {
                error = count == 0 || Ended(Errno.Last) ? 0 : Errno.Last;
                break;
            }

            for (nint at = 0; at < count && error == 0; at += *(ushort*)(_entries + at + RecordLengthAt))
            {
                byte* name = _entries + at + NameAt;
                error = *name == '.' ? 0 : Descriptor(pid, directory, name);
            }
        }

        _ = Libc.close(directory);
        int unasked = _sockets.End();
        if (unasked != 0)
        {
            _out.Add(HolderRecordKind.SocketsUnasked, pid, (ulong)unasked);
        }

        return error;
    }

    private int Descriptor(int pid, int directory, byte* name)
    {
        Seen++;
        nint length = Libc.readlinkat(directory, name, _link, LinkSize);
        if (length <= 0)
        {
            return length == 0 || Ended(Errno.Last) ? 0 : Errno.Last;
        }

        ReadOnlySpan<byte> link = new(_link, (int)length);
        switch (*_link)
        {
            case (byte)'s' when ProcNumber.Inode(link, "socket:["u8) is ulong inode and not 0:
                HolderRecord socket = _sockets.RecordOf(pid, directory, name, inode);
                _out.Add(socket.Kind, pid, socket.Value);
                break;
            case (byte)'n' when ProcNumber.Inode(link, "net:["u8) is ulong inode and not 0:
                _out.Add(HolderRecordKind.HeldNamespace, pid, inode);
                break;
            case (byte)'/' when !link.SequenceEqual("/dev/null"u8):
                if (_namespaceFile.Inode(directory, name) is ulong held and not 0)
                {
                    _out.Add(HolderRecordKind.HeldNamespace, pid, held);
                }

                break;
        }

        return 0;
    }

    /// <summary>Whether there is more than one thread; every process has the links ".", ".." and one a thread (proc_task_getattr of fs/proc/base.c).</summary>
    private readonly bool HasThreads(byte* end)
    {
        ProcNumber.Write(end, "/task\0"u8);
        Statx status;
        return Libc.statx(_proc, _path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_NLINK, &status) == 0 && status.LinkCount > 3;
    }

    /// <summary>
    /// Threads may leave the table of descriptors they share (unshare(2), CLONE_FILES) and their namespace (setns(2)), and
    /// the process's own directory then shows neither: a place to hide a listener in.
    /// </summary>
    private void Threads(int pid, ulong home, byte* end)
    {
        ProcNumber.Write(end, "/task\0"u8);
        int directory = Libc.openat(_proc, _path, OpenDirectory, 0);
        if (directory < 0)
        {
            return;
        }

        int looked = pid;
        int error = 0;
        nint count;
        while (error == 0 && (count = Libc.getdents64(directory, _threads, EntriesSize)) > 0)
        {
            for (nint at = 0; at < count && error == 0; at += *(ushort*)(_threads + at + RecordLengthAt))
            {
                int thread = ProcNumber.Name(_threads + at + NameAt);
                if (thread != 0 && thread != pid)
                {
                    error = Thread(pid, home, end, thread, ref looked);
                }
            }
        }

        if (error != 0)
        {
            _out.Add(HolderRecordKind.ThreadsUnreadable, pid, (ulong)error);
        }

        _ = Libc.close(directory);
    }

    /// <summary>Looks at one thread; <paramref name="looked"/> is the last whose descriptors were read, so those of threads that share its table are known.</summary>
    private int Thread(int pid, ulong home, byte* end, int thread, ref int looked)
    {
        byte* threadEnd = ProcNumber.Write(ProcNumber.Write(end, "/task/"u8), thread);
        ulong inode = NamespaceOf(pid, threadEnd);
        if (inode != 0 && inode != home)
        {
            _out.Add(HolderRecordKind.Namespace, pid, inode);
        }

        if (!_canCompare)
        {
            return Errno.ENOSYS;
        }

        long difference = Compare(pid, thread);
        if (difference > 0 && looked != pid)
        {
            difference = Compare(looked, thread);
        }

        if (difference == 0)
        {
            return 0;
        }

        if (difference < 0)
        {
            return Ended(Errno.Last) ? 0 : Errno.Last;
        }

        looked = thread;
        return Descriptors(pid, threadEnd, thread);
    }

    private static long Compare(int first, int second) => Libc.kcmp(Libc.SYS_kcmp, first, second, Libc.KCMP_FILES, 0, 0);

    /// <summary>A process that ends under our eyes is no error.</summary>
    private static bool Ended(int error) => error is Errno.ENOENT or Errno.ESRCH;
}
