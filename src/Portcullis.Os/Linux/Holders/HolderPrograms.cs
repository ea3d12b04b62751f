using System;
using Portcullis.Core.Wire;

namespace Portcullis.Os.Linux.Holders;

/// <summary>
/// The two BPF programs that write holder records. The kernel runs them once for every thread, and once for every descriptor
/// of every table of descriptors that is not its process's (BPF iterators, Documentation/bpf/bpf_iterators.rst).
/// </summary>
/// <remarks>
/// Both run while we read their answer, in our context, so "current" is us; the kernel shows them the threads of our PID
/// namespace only. The programs are our own work, and besides the project's licence they may be used under the two-clause
/// BSD licence or GPL version 2: the kernel lets only programs that declare so read its structures.
/// </remarks>
internal static class HolderPrograms
{
    internal const int MostInstructions = 192;

    /// <summary>The most sockets that one program can look for.</summary>
    internal const int MostWanted = 32;

    // enum bpf_func_id of linux/bpf.h.
    private const int ProbeReadKernel = 113;
    private const int SeqWrite = 127;
    private const int GetCurrentTask = 35;

    // linux/stat.h; linux/magic.h (SOCKFS_MAGIC, NSFS_MAGIC). A descriptor of a named socket's file (O_PATH) is S_IFSOCK too.
    private const int S_IFMT = 0xf000;
    private const int S_IFSOCK = 0xc000;
    private const int SockfsMagic = 0x534f434b;
    private const int NsfsMagic = 0x6e736673;

    // struct proc_ns_operations.name of a network namespace, "net" with its zero, as a little-endian word.
    private const int NetName = 0x0074656e;

    // struct bpf_iter__task and bpf_iter__task_file of kernel/bpf/task_iter.c: meta, task, fd, file; meta begins with seq.
    private const int ContextMeta = 0;
    private const int ContextTask = 8;
    private const int ContextFile = 24;
    private const int MetaSeq = 0;

    // The record on the stack, and scratch space below it.
    private const int Record = -16;
    private const int RecordPid = Record + 4;
    private const int RecordValue = Record + 8;
    private const int RecordHighValue = RecordValue + 4;
    private const int Scratch = -24;

    private const int Frame = 10;

    /// <summary>Writes the program of the thread iterator: the network namespace of every process, and of threads elsewhere.</summary>
    /// <returns>The number of instructions; 0 where the layout is out of bounds.</returns>
    internal static int Namespaces(KernelLayout layout, Span<ulong> code)
    {
        BpfAssembler program = new(code);
        program.Move(6, 1);
        program.Load(8, 7, 6, ContextTask);
        int noTask = program.JumpIfEqual(7, 0);
        Follow(ref program, 8, 7, layout.TaskGroupLeader);
        LoadNamespace(ref program, layout, 7);
        program.Move(9, 1);
        int noNamespace = program.JumpIfEqual(9, 0);

        // A thread is told of only where its namespace is not its process's.
        program.Load(4, 1, 7, layout.TaskPid);
        program.Load(4, 2, 7, layout.TaskTgid);
        int isThread = program.JumpIfDifferent(1, 2);
        int isLeader = program.Jump();
        program.Land(isThread);
        LoadNamespace(ref program, layout, 8);
        int elsewhere = program.JumpIfDifferent(1, 9);
        int same = program.Jump();
        program.Land(isLeader, elsewhere);
        program.StoreValue(Frame, Record, (int)HolderRecordKind.Namespace);
        program.Store(8, Frame, RecordValue, 9);
        WriteRecord(ref program, layout);
        program.Land(noTask, noNamespace, same);
        program.Set(0, 0);
        program.Exit();
        return program.Good ? program.Count : 0;
    }

    /// <summary>Writes the program of the descriptor iterator: sockets, with their namespaces, and network namespaces.</summary>
    /// <param name="layout">Where things are.</param>
    /// <param name="code">Where to write.</param>
    /// <param name="only">The inodes of the sockets to tell of, up to <see cref="MostWanted"/>; none for all.</param>
    /// <returns>The number of instructions; 0 where the layout is out of bounds.</returns>
    internal static int Descriptors(KernelLayout layout, Span<ulong> code, ReadOnlySpan<uint> only = default)
    {
        BpfAssembler program = new(code);
        program.Move(6, 1);
        program.Load(8, 7, 6, ContextTask);
        int noTask = program.JumpIfEqual(7, 0);
        program.Load(8, 8, 6, ContextFile);
        int noFile = program.JumpIfEqual(8, 0);
        Follow(ref program, 9, 8, layout.FileInode);
        Follow(ref program, 8, 9, layout.InodeSuperBlock);
        Follow(ref program, 8, 8, layout.SuperBlockMagic);
        int isSocket = program.JumpIfEqual(8, SockfsMagic);
        int other = program.JumpIfNot(8, NsfsMagic);

        // The namespace behind a file of nsfs (fs/nsfs.c): inode.i_private is its struct ns_common, whose operations have a name.
        Follow(ref program, 8, 9, layout.InodePrivate);
        Follow(ref program, 8, 8, layout.NamespaceOperations);
        Follow(ref program, 8, 8, layout.OperationsName);
        Read(ref program, 4, 8, 0, Scratch);
        program.Load(4, 1, Frame, Scratch);
        int otherKind = program.JumpIfNot(1, NetName);
        program.StoreValue(Frame, Record, (int)HolderRecordKind.HeldNamespace);
        Read(ref program, 8, 9, layout.InodeNumber, RecordValue);
        int write = program.Jump();

        program.Land(isSocket);
        int unwanted = only.IsEmpty ? -1 : SkipAllBut(ref program, layout, only);
        Read(ref program, 2, 9, layout.InodeMode, Scratch);
        program.Load(2, 1, Frame, Scratch);
        program.And(1, S_IFMT);
        int noSocket = program.JumpIfNot(1, S_IFSOCK);
        SetSocket(ref program, layout);

        program.Land(write);
        Follow(ref program, 8, 7, layout.TaskGroupLeader);
        WriteRecord(ref program, layout);
        program.Land(noTask, noFile, other, otherKind, noSocket, unwanted);
        program.Set(0, 0);
        program.Exit();
        return program.Good ? program.Count : 0;
    }

    /// <summary>Goes on only with a socket (its inode is in register 9) that is among the wanted; gives the jump of all others.</summary>
    private static int SkipAllBut(ref BpfAssembler program, KernelLayout layout, ReadOnlySpan<uint> only)
    {
        Read(ref program, 4, 9, layout.InodeNumber, Scratch);
        program.Load(4, 1, Frame, Scratch);
        Span<int> wanted = stackalloc int[MostWanted];
        for (int at = 0; at < only.Length; at++)
        {
            wanted[at] = program.JumpIfLowEqual(1, only[at]);
        }

        int unwanted = program.Jump();
        program.Land(wanted[..only.Length]);
        return unwanted;
    }

    /// <summary>
    /// The record for the socket whose inode is in register 9; registers 8 and 9 are lost. One that is just being closed has
    /// no struct sock any more, or none whose namespace has a number: what is read of such is zero, and its inode alone is told.
    /// </summary>
    private static void SetSocket(ref BpfAssembler program, KernelLayout layout)
    {
        program.StoreValue(Frame, Record, (int)HolderRecordKind.Socket);
        Read(ref program, 8, 9, layout.InodeNumber, RecordValue);
        Follow(ref program, 8, 9, layout.InodeSock);
        Read(ref program, 1, 8, layout.SockReusePortBit / 8, Scratch);
        program.Load(1, 9, Frame, Scratch);
        program.And(9, 1 << (layout.SockReusePortBit % 8));
        Follow(ref program, 8, 8, layout.SockNet);

        // The kernel's inodes of sockets have 32 bits (get_next_ino), so the other half of the value is free.
        Read(ref program, 4, 8, layout.NetInode, RecordHighValue);
        program.Load(4, 1, Frame, RecordHighValue);
        int nowhere = program.JumpIfEqual(1, 0);
        program.StoreValue(Frame, Record, (int)HolderRecordKind.SocketIn);
        int alone = program.JumpIfEqual(9, 0);
        program.StoreValue(Frame, Record, (int)HolderRecordKind.SharedSocketIn);
        program.Land(nowhere, alone);
    }

    /// <summary>Register 1 = task->nsproxy->net_ns->ns.inum; 0 for a zombie, which is in none.</summary>
    private static void LoadNamespace(ref BpfAssembler program, KernelLayout layout, int task)
    {
        Follow(ref program, 1, task, layout.TaskNsproxy);
        Follow(ref program, 1, 1, layout.NsproxyNet);
        Read(ref program, 4, 1, layout.NetInode, Scratch);
        program.Load(4, 1, Frame, Scratch);
    }

    /// <summary>register = the 8 bytes at pointer + offset.</summary>
    private static void Follow(ref BpfAssembler program, int register, int pointer, int offset)
    {
        Read(ref program, 8, pointer, offset, Scratch);
        program.Load(8, register, Frame, Scratch);
    }

    /// <summary>
    /// Copies so many bytes at pointer + offset to the stack; zeroes where that leads nowhere. Plain loads would do too, but
    /// for each of those from a trusted pointer the verifier searches all names of the kernel's types, a millisecond each time
    /// (btf_nested_type_is_trusted of kernel/bpf/btf.c, seen on 6.18). Registers 1 to 5 are lost.
    /// </summary>
    private static void Read(ref BpfAssembler program, int size, int pointer, int offset, int to)
    {
        program.Move(3, pointer);
        program.AddValue(3, offset);
        program.Move(1, Frame);
        program.AddValue(1, to);
        program.Set(2, size);
        program.Call(ProbeReadKernel);
    }

    /// <summary>
    /// Puts the process id into the record and hands it over; register 8 is the leading thread, 6 the context. A process has
    /// a number for every PID namespace it is in (struct pid.numbers); ours is at our own level.
    /// </summary>
    private static void WriteRecord(ref BpfAssembler program, KernelLayout layout)
    {
        program.Call(GetCurrentTask);
        Follow(ref program, 9, 0, layout.TaskThreadPid);
        Read(ref program, 4, 9, layout.PidLevel, Scratch);
        program.Load(4, 9, Frame, Scratch);
        program.Multiply(9, layout.UpidSize);
        Follow(ref program, 1, 8, layout.TaskThreadPid);
        program.AddRegister(1, 9);
        Read(ref program, 4, 1, layout.PidNumbers + layout.UpidNumber, RecordPid);
        program.Load(8, 1, 6, ContextMeta);
        program.Load(8, 1, 1, MetaSeq);
        program.Move(2, Frame);
        program.AddValue(2, Record);
        program.Set(3, HolderRecords.RecordSize);
        program.Call(SeqWrite);
    }
}
