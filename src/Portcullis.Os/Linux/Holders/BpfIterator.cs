using System;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>A BPF iterator: a program that the kernel runs over its objects while its answer is read.</summary>
internal sealed unsafe class BpfIterator : IDisposable
{
    private const int LogSize = 16384;

    // The kernel hands out at most eight pages at once (bpf_seq_read of kernel/bpf/bpf_iter.c).
    private const int ReadSize = 32768;

    // Nothing sane has so much to tell; an iterator that never ends must not fill our memory.
    private const int MostBytes = 1 << 28;

    private readonly SafeFileHandle _link;

    private BpfIterator(SafeFileHandle link) => _link = link;

    /// <summary>Loads a program and attaches it.</summary>
    /// <param name="code">The instructions.</param>
    /// <param name="function">The BTF number of the iterator's function.</param>
    /// <param name="why">Why not, in words; null for success.</param>
    internal static BpfIterator? Load(ReadOnlySpan<ulong> code, int function, out string? why)
    {
        int program = LoadProgram(code, function, null, 0);
        if (program < 0)
        {
            why = Refusal(code, function, Errno.Last);
            return null;
        }

        Libc.BpfLinkCreate request = new() { Descriptor = (uint)program, AttachType = Libc.BPF_TRACE_ITER };
        long link = Libc.bpf(Libc.SYS_bpf, Libc.BPF_LINK_CREATE, &request, (nuint)sizeof(Libc.BpfLinkCreate));
        why = link < 0 ? "bpf link: " + Errno.Text(Errno.Last) : null;
        _ = Libc.close(program);
        return link < 0 ? null : new BpfIterator(new SafeFileHandle((nint)link, ownsHandle: true));
    }

    /// <summary>Runs the program over everything and appends what it wrote; gives 0 or an errno.</summary>
    internal int Run(RecordBuffer records)
    {
        Libc.BpfLinkCreate request = new() { Descriptor = (uint)_link.DangerousGetHandle() };
        int descriptor = (int)Libc.bpf(Libc.SYS_bpf, Libc.BPF_ITER_CREATE, &request, 8);
        if (descriptor < 0)
        {
            return Errno.Last;
        }

        int error = 0;
        while (error is 0 or Errno.EINTR or Errno.EAGAIN)
        {
            nint count;
            fixed (byte* free = records.Free(ReadSize))
            {
                count = Libc.read(descriptor, free, ReadSize);
            }

            if (count == 0)
            {
                error = 0;
                break;
            }

            // EAGAIN: a million objects without a word (bpf_seq_read); there is more to come.
            error = count < 0 ? Errno.Last : 0;
            records.Advance(count < 0 ? 0 : (int)count);
            error = records.Written.Length > MostBytes ? Errno.EINVAL : error;
        }

        _ = Libc.close(descriptor);
        return error;
    }

    public void Dispose() => _link.Dispose();

    private static int LoadProgram(ReadOnlySpan<ulong> code, int function, byte* log, uint logSize)
    {
        fixed (ulong* instructions = code)
        fixed (byte* license = "Dual BSD/GPL"u8)
        {
            Libc.BpfProgramLoad request = new()
            {
                Type = Libc.BPF_PROG_TYPE_TRACING,
                InstructionCount = (uint)code.Length,
                Instructions = (ulong)instructions,
                License = (ulong)license,
                LogLevel = logSize == 0 ? 0u : 1u,
                LogSize = logSize,
                Log = (ulong)log,
                ExpectedAttachType = Libc.BPF_TRACE_ITER,
                AttachBtfId = (uint)function,
            };
            "portcullis"u8.CopyTo(new Span<byte>(request.Name, 16));
            int program;
            do
            {
                // The verifier gives up with EAGAIN where a signal comes in between.
                program = (int)Libc.bpf(Libc.SYS_bpf, Libc.BPF_PROG_LOAD, &request, (nuint)sizeof(Libc.BpfProgramLoad));
            }
            while (program < 0 && Errno.Last == Errno.EAGAIN);
            return program;
        }
    }

    /// <summary>Asks once more for the verifier's own words, the last of which say what it did not like.</summary>
    private static string Refusal(ReadOnlySpan<ulong> code, int function, int error)
    {
        string why = "bpf load: " + Errno.Text(error);
        if (error is Errno.EPERM or Errno.ENOSYS)
        {
            return why;
        }

        byte* log = stackalloc byte[LogSize];
        *log = 0;
        int program = LoadProgram(code, function, log, LogSize);
        if (program >= 0)
        {
            _ = Libc.close(program);
        }

        Span<byte> text = new(log, LogSize);
        int end = text.IndexOf((byte)0);
        string[] lines = Encoding.ASCII.GetString(text[..Math.Max(end, 0)]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? why : why + ": " + lines[Math.Max(0, lines.Length - 2)];
    }
}
