using System;
using System.IO;
using System.Text;
using Portcullis.Os.Linux.Native;
using Xunit;

namespace Portcullis.KernelTests.Rules;

/// <summary>A BPF program of two instructions, attached for as long as this is not disposed of.</summary>
internal sealed unsafe class LoadedProgram : IDisposable
{
    private const int BPF_PROG_ATTACH = 8;
    private const int BPF_PROG_DETACH = 9;

    private readonly int _program;
    private int _link = -1;
    private (int Target, uint AttachType)? _attached;

    /// <summary>Loads it.</summary>
    /// <param name="name">Its name, at most 15 letters.</param>
    /// <param name="kind">A BPF_PROG_TYPE_ constant of linux/bpf.h.</param>
    /// <param name="attachType">A constant of enum bpf_attach_type; 0 where the kind needs none.</param>
    /// <param name="answer">What it says to every packet.</param>
    internal LoadedProgram(string name, uint kind, uint attachType, int answer)
    {
        ulong* code = stackalloc ulong[] { ((ulong)(uint)answer << 32) | 0xb7, 0x95 }; // r0 = answer; exit
        byte* license = stackalloc byte[] { (byte)'G', (byte)'P', (byte)'L', 0 };
        Libc.BpfProgramLoad load = new() { Type = kind, InstructionCount = 2, Instructions = (ulong)code, License = (ulong)license, ExpectedAttachType = attachType };
        Encoding.ASCII.GetBytes(name).CopyTo(new Span<byte>(load.Name, 15));
        _program = (int)Libc.bpf(Libc.SYS_bpf, Libc.BPF_PROG_LOAD, &load, (nuint)sizeof(Libc.BpfProgramLoad));
        Assert.True(_program >= 0, Errno.Text(Errno.Last));
    }

    /// <summary>Attaches it by a link.</summary>
    /// <param name="target">The index of an interface of the thread's namespace, or a descriptor.</param>
    /// <param name="attachType">Where.</param>
    /// <param name="family">For netfilter the protocol family.</param>
    /// <param name="hook">For netfilter the hook.</param>
    internal LoadedProgram Link(int target, uint attachType, uint family = 0, uint hook = 0)
    {
        uint* request = stackalloc uint[] { (uint)_program, (uint)target, attachType, 0, family, hook, family == 0 ? 0u : 7, 0, 0, 0 };
        _link = (int)Libc.bpf(Libc.SYS_bpf, Libc.BPF_LINK_CREATE, request, 40);
        Assert.True(_link >= 0, Errno.Text(Errno.Last));
        return this;
    }

    /// <summary>Attaches it without a link, beside others, as systemd does.</summary>
    internal LoadedProgram Attach(int target, uint attachType)
    {
        uint* request = stackalloc uint[] { (uint)target, (uint)_program, attachType, 2 }; // BPF_F_ALLOW_MULTI
        Assert.True(Libc.bpf(Libc.SYS_bpf, BPF_PROG_ATTACH, request, 16) == 0, Errno.Text(Errno.Last));
        _attached = (target, attachType);
        return this;
    }

    /// <summary>A descriptor of a file or directory.</summary>
    internal static int Open(string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            int descriptor = Libc.open(bytes, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            return descriptor >= 0 ? descriptor : throw new IOException($"{path}: {Errno.Text(Errno.Last)}");
        }
    }

    public void Dispose()
    {
        if (_attached is (int target, uint attachType))
        {
            uint* request = stackalloc uint[] { (uint)target, (uint)_program, attachType, 0 };
            _ = Libc.bpf(Libc.SYS_bpf, BPF_PROG_DETACH, request, 16);
        }

        _ = _link < 0 ? 0 : Libc.close(_link);
        _ = Libc.close(_program);
    }
}
