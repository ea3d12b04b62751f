using System;
using System.Collections.Generic;
using System.Threading;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Finds holders by reading /proc. Works everywhere, with any rights, and sees as much as they allow.</summary>
/// <remarks>Not safe to use from several threads at once: the buffers are kept from scan to scan.</remarks>
internal sealed unsafe class ProcHolderScan : IHolderScan
{
    // A second thread costs about 0.1 ms to start, as much as some forty descriptors.
    private const int WorthAThread = 256;

    private readonly int _threads;
    private readonly RecordBuffer _mine = new();
    private readonly SocketAsker _mySockets = new();
    private RecordBuffer? _others;
    private SocketAsker? _otherSockets;
    private int[] _pids = new int[256];
    private int _count;
    private int _next;

    /// <param name="threads">At most how many threads to use, 1 or 2; 0 for 2 where there are as many processors.</param>
    internal ProcHolderScan(int threads = 0) => _threads = threads == 0 ? Math.Min(2, Environment.ProcessorCount) : threads;

    /// <inheritdoc/>
    public HolderScanResult Scan()
    {
        lock (BorrowedDescriptor.Gate)
        {
            return ScanAlone();
        }
    }

    /// <inheritdoc/>
    public HolderScanResult ScanAgain(IReadOnlyCollection<ulong> sockets) => Scan();

    private HolderScanResult ScanAlone()
    {
        _mine.Clear();
        _others?.Clear();
        int proc;
        fixed (byte* path = "/proc"u8)
        {
            proc = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        }

        if (proc < 0)
        {
            _mine.Add(HolderRecordKind.ProcessesHidden, 0, (ulong)Errno.Last);
            return Result();
        }

        int error = ListProcesses(proc);
        int self = SelfIn(proc);
        bool ours = self == Environment.ProcessId;

        // Where /proc counts for another PID namespace, its numbers would lead to other processes.
        int never = ours ? BorrowedDescriptor.Refusal() : Errno.ENOSYS;
        _mySockets.Clear(never);
        _otherSockets?.Clear(never);
        Walk(proc, ours, self, never);
        _ = Libc.close(proc);

        // Every PID namespace has a process 1 while it lives. Where we see it, others may be hidden nevertheless, but not
        // from root with all its rights.
        bool hidden = _count == 0 || _pids[0] != 1 || (Libc.geteuid() != 0 && ProcMount.HidesProcesses());
        if (error != 0 || hidden)
        {
            _mine.Add(HolderRecordKind.ProcessesHidden, 0, (ulong)error);
        }

        return Result();
    }

    private void Walk(int proc, bool canCompare, int self, int never)
    {
        byte* buffer = stackalloc byte[ProcWalker.BufferSize];
        ProcWalker walker = new(proc, canCompare, buffer, _mine, _mySockets);

        // Ourselves first and alone: later on, what is borrowed of others is among our descriptors.
        if (self != 0)
        {
            walker.Process(self);
        }

        Thread? second = null;
        _next = 0;
        int place;
        while ((place = Interlocked.Increment(ref _next) - 1) < _count)
        {
            if (_pids[place] != self)
            {
                walker.Process(_pids[place]);
            }

            if (second is null && _threads > 1 && walker.Seen > WorthAThread && _count - place > 4)
            {
                second = new Thread(() => WalkBeside(proc, canCompare, self, never), 256 * 1024) { IsBackground = true };
                second.Start();
            }
        }

        second?.Join();
    }

    private void WalkBeside(int proc, bool canCompare, int self, int never)
    {
        if (_otherSockets is null)
        {
            _otherSockets = new SocketAsker();
            _otherSockets.Clear(never);
        }

        byte* buffer = stackalloc byte[ProcWalker.BufferSize];
        ProcWalker walker = new(proc, canCompare, buffer, _others ??= new RecordBuffer(), _otherSockets);
        int place;
        while ((place = Interlocked.Increment(ref _next) - 1) < _count)
        {
            if (_pids[place] != self)
            {
                walker.Process(_pids[place]);
            }
        }
    }

    /// <summary>Fills the list of processes, ascending as /proc gives them; gives 0 or an errno.</summary>
    private int ListProcesses(int proc)
    {
        const int Size = 32768;
        byte* entries = stackalloc byte[Size];
        _count = 0;
        nint count;
        while ((count = Libc.getdents64(proc, entries, Size)) > 0)
        {
            // struct linux_dirent64: the record's length is at 16, the name at 19.
            for (nint at = 0; at < count; at += *(ushort*)(entries + at + 16))
            {
                int pid = ProcNumber.Name(entries + at + 19);
                if (pid == 0)
                {
                    continue;
                }

                if (_count == _pids.Length)
                {
                    Array.Resize(ref _pids, _count * 2);
                }

                _pids[_count++] = pid;
            }
        }

        return count < 0 ? Errno.Last : 0;
    }

    /// <summary>Our own process id as this /proc counts; 0 where it does not know us, which is so for one of a sibling PID namespace.</summary>
    private static int SelfIn(int proc)
    {
        byte* link = stackalloc byte[16];
        fixed (byte* path = "self"u8)
        {
            nint length = Libc.readlinkat(proc, path, link, 15);
            if (length <= 0)
            {
                return 0;
            }

            link[length] = 0;
            return ProcNumber.Name(link);
        }
    }

    private HolderScanResult Result()
    {
        ReadOnlySpan<byte> mine = _mine.Written;
        ReadOnlySpan<byte> others = _others is null ? default : _others.Written;
        byte[] records = GC.AllocateUninitializedArray<byte>(mine.Length + others.Length);
        mine.CopyTo(records);
        others.CopyTo(records.AsSpan(mine.Length));
        return new HolderScanResult(records, HolderWay.Proc);
    }
}
