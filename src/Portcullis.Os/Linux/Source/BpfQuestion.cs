using System;
using System.Runtime.InteropServices;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>The questions of bpf(2) that change nothing.</summary>
internal static unsafe class BpfQuestion
{
    private const int MostPrograms = 64; // BPF_CGROUP_MAX_PROGS, BPF_MPROG_MAX of the kernel

    /// <summary>The number after <paramref name="id"/>, which takes its place; gives 0 or an errno.</summary>
    internal static int Next(int command, ref uint id)
    {
        uint* request = stackalloc uint[3] { id, 0, 0 };
        int error = Libc.bpf(Libc.SYS_bpf, command, request, 12) == 0 ? 0 : Errno.Last;
        id = request[1];
        return error;
    }

    /// <summary>A descriptor of a program or link; -1 for an error.</summary>
    internal static int ById(int command, uint id)
    {
        uint* request = stackalloc uint[3] { id, 0, 0 };
        return (int)Libc.bpf(Libc.SYS_bpf, command, request, 12);
    }

    /// <summary>What the kernel tells of a program or link; gives 0 or an errno.</summary>
    internal static int Info(int descriptor, Span<byte> info)
    {
        info.Clear();
        fixed (byte* bytes = info)
        {
            Libc.BpfInfo request = new() { Descriptor = (uint)descriptor, Length = (uint)info.Length, Info = (ulong)bytes };
            return Libc.bpf(Libc.SYS_bpf, Libc.BPF_OBJ_GET_INFO_BY_FD, &request, (nuint)sizeof(Libc.BpfInfo)) == 0 ? 0 : Errno.Last;
        }
    }

    /// <summary>The numbers of the programs at a place, u32 each.</summary>
    /// <param name="target">What they are attached to: a descriptor, or the index of an interface of the thread's namespace.</param>
    /// <param name="attachment">A BPF_ constant of enum bpf_attach_type.</param>
    /// <param name="flags">BPF_F_QUERY_EFFECTIVE or 0.</param>
    internal static Answer Attached(int target, uint attachment, uint flags)
    {
        uint[] ids = new uint[MostPrograms];
        fixed (uint* place = ids)
        {
            Libc.BpfQuery request = new() { Target = (uint)target, AttachType = attachment, Flags = flags, Ids = (ulong)place, Count = MostPrograms };
            return Libc.bpf(Libc.SYS_bpf, Libc.BPF_PROG_QUERY, &request, (nuint)sizeof(Libc.BpfQuery)) == 0
                ? Answer.Of(MemoryMarshal.AsBytes(ids.AsSpan(0, (int)Math.Min(request.Count, MostPrograms))).ToArray())
                : Answer.Refused(Errno.Last);
        }
    }
}
