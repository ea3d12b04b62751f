using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>
/// Finds holders by BPF iterators, where rights and kernel allow, and by /proc where they don't. Wants CAP_BPF and
/// CAP_PERFMON (or root), BTF, and Linux 5.9 (BPF_LINK_CREATE of iterators, bpf_seq_write); tried on 6.18.
/// </summary>
/// <remarks>
/// The programs stay loaded between scans. Every answer is checked before it is believed: it has to tell our own namespace
/// and a socket made for the purpose. Not safe to use from several threads at once.
/// </remarks>
internal sealed unsafe class BpfHolderScan : IHolderScan, IDisposable
{
    // Below so many records a whole scan costs less than loading a program for a few sockets does.
    private const int WorthAProgram = 4096;

    private readonly IHolderScan _proc;
    private readonly RecordBuffer _records = new();
    private BpfIterator? _namespaces;
    private BpfIterator? _descriptors;
    private string? _why;
    private KernelLayout? _layout;
    private bool _loaded;
    private int _lastCount;

    /// <param name="proc">The other way.</param>
    internal BpfHolderScan(IHolderScan proc) => _proc = proc;

    /// <inheritdoc/>
    public HolderScanResult Scan()
    {
        // What a scan of /proc borrows meanwhile in this process would be taken for our own.
        lock (BorrowedDescriptor.Gate)
        {
            return ScanAlone();
        }
    }

    private HolderScanResult ScanAlone()
    {
        if (!_loaded)
        {
            _loaded = true;
            _why = Load();
        }

        string? why = _why ?? Run();
        return why is null
            ? new HolderScanResult(_records.Written.ToArray(), HolderWay.Bpf)
            : _proc.Scan() with { WhyNotBpf = why };
    }

    /// <inheritdoc/>
    public HolderScanResult ScanAgain(IReadOnlyCollection<ulong> sockets)
    {
        lock (BorrowedDescriptor.Gate)
        {
            return _layout is not null && _why is null && _lastCount > WorthAProgram && sockets.Count < HolderPrograms.MostWanted && RunFor(sockets)
                ? new HolderScanResult(_records.Written.ToArray(), HolderWay.Bpf)
                : ScanAlone();
        }
    }

    public void Dispose()
    {
        _namespaces?.Dispose();
        _descriptors?.Dispose();
    }

    /// <summary>Loads both programs; gives why not.</summary>
    private string? Load()
    {
        if (!BitConverter.IsLittleEndian || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            return "not tried on this processor";
        }

        KernelLayout? layout = KernelTypes.Layout(out string? why);
        _layout = layout;
        if (layout is null)
        {
            return why;
        }

        Span<ulong> code = stackalloc ulong[HolderPrograms.MostInstructions];
        int count = HolderPrograms.Namespaces(layout, code);
        if (count == 0)
        {
            return "kernel structures larger than expected";
        }

        _namespaces = BpfIterator.Load(code[..count], layout.TaskIterator, out why);
        if (_namespaces is null)
        {
            return why;
        }

        code.Clear();
        count = HolderPrograms.Descriptors(layout, code);
        if (count == 0)
        {
            return "kernel structures larger than expected";
        }

        _descriptors = BpfIterator.Load(code[..count], layout.FileIterator, out why);
        return why;
    }

    /// <summary>Fills the records with the holders of a few sockets; false where it did not work.</summary>
    private bool RunFor(IReadOnlyCollection<ulong> sockets)
    {
        int canary = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM_CLOEXEC, 0);
        uint[] only = [(uint)BorrowedDescriptor.InodeOf(canary), .. sockets.Select(inode => (uint)inode)];
        Span<ulong> code = stackalloc ulong[HolderPrograms.MostInstructions];
        code.Clear();
        int count = canary < 0 ? 0 : HolderPrograms.Descriptors(_layout!, code, only);
        using BpfIterator? iterator = count == 0 ? null : BpfIterator.Load(code[..count], _layout!.FileIterator, out _);
        _records.Clear();
        bool good = iterator is not null && IsOurProc() && iterator.Run(_records) == 0 && IsPlausible(canary, wholly: false);
        _ = canary < 0 ? 0 : Libc.close(canary);
        return good;
    }

    /// <summary>Fills the records; gives why not.</summary>
    private string? Run()
    {
        if (!IsOurProc())
        {
            return "/proc counts processes for another PID namespace";
        }

        _records.Clear();
        int canary = Libc.socket(Libc.AF_UNIX, Libc.SOCK_DGRAM_CLOEXEC, 0);
        if (canary < 0)
        {
            return "socket: " + Errno.Text(Errno.Last);
        }

        int error = _namespaces!.Run(_records);
        error = error != 0 ? error : _descriptors!.Run(_records);
        string? why = error != 0 ? "bpf iterator: " + Errno.Text(error) : IsPlausible(canary, wholly: true) ? null : "the answer does not tell what we hold ourselves";
        _ = Libc.close(canary);
        _lastCount = _records.Written.Length / HolderRecords.RecordSize;
        return why;
    }

    /// <summary>Whether the answer tells the socket we hold and, where it is of everything, our own namespace.</summary>
    private bool IsPlausible(int canary, bool wholly)
    {
        int self = Environment.ProcessId;
        ulong home = InodeOf("/proc/self/ns/net"u8);
        ulong here = InodeOf("/proc/thread-self/ns/net"u8); // a socket is made in the thread's namespace
        Statx status;
        byte empty = 0;
        ulong socket = Libc.statx(canary, &empty, Libc.AT_EMPTY_PATH, Statx.BasicStats, &status) == 0 ? status.Inode : 0;
        bool namespaceTold = !wholly;
        bool socketTold = false;
        HolderRecords records = new(_records.Written);
        while (records.MoveNext(out HolderRecord record))
        {
            namespaceTold |= record == new HolderRecord(HolderRecordKind.Namespace, self, home);
            socketTold |= record == new HolderRecord(HolderRecordKind.SocketIn, self, (here << 32) | socket);
        }

        return namespaceTold && socketTold && records.BrokenAt < 0;
    }

    /// <summary>The inode of what a path, with a final zero behind it, leads to; 0 for nothing.</summary>
    private static ulong InodeOf(ReadOnlySpan<byte> path)
    {
        Statx status;
        fixed (byte* bytes = path)
        {
            return Libc.statx(Libc.AT_FDCWD, bytes, 0, Statx.BasicStats, &status) == 0 ? status.Inode : 0;
        }
    }

    /// <summary>Whether /proc is that of our PID namespace; else nobody could look up what we tell.</summary>
    private static bool IsOurProc()
    {
        byte* link = stackalloc byte[16];
        fixed (byte* path = "/proc/self"u8)
        {
            nint length = Libc.readlinkat(Libc.AT_FDCWD, path, link, 15);
            return length > 0 && int.TryParse(new ReadOnlySpan<byte>(link, (int)length), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid == Environment.ProcessId;
        }
    }
}
