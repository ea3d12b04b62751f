using System;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Whether the mount of /proc hides the processes of others (hidepid of proc(5)).</summary>
internal static unsafe class ProcMount
{
    /// <summary>Reads /proc/self/mountinfo; true also where it cannot be read, since then nobody knows.</summary>
    internal static bool HidesProcesses()
    {
        int descriptor;
        fixed (byte* path = "/proc/self/mountinfo"u8)
        {
            descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        }

        if (descriptor < 0)
        {
            return true;
        }

        const int Size = 16384;
        byte* buffer = stackalloc byte[Size];
        int kept = 0;
        bool hides = false;
        nint count;
        while ((count = Libc.read(descriptor, buffer + kept, (nuint)(Size - kept))) > 0)
        {
            Span<byte> text = new(buffer, kept + (int)count);
            for (int end; (end = text.IndexOf((byte)'\n')) >= 0; text = text[(end + 1)..])
            {
                // The last mount on /proc is the one that is seen.
                hides = IsOfProc(text[..end]) ? Hides(text[..end]) : hides;
            }

            // Of a line longer than the buffer the beginning is dropped; ours is short.
            kept = text.Length == Size ? 0 : text.Length;
            text[..kept].CopyTo(new Span<byte>(buffer, Size));
        }

        _ = Libc.close(descriptor);
        return hides || count < 0;
    }

    /// <summary>Lines are "36 35 98:0 root mountpoint options tags... - type source superoptions" (proc_pid_mountinfo(5)).</summary>
    private static bool IsOfProc(ReadOnlySpan<byte> line) =>
        line.IndexOf(" /proc "u8) >= 0 && line.IndexOf(" - proc "u8) >= 0;

    /// <summary>hidepid=1 shows that they exist, and reading them tells the rest; 2 and 4 show nothing.</summary>
    private static bool Hides(ReadOnlySpan<byte> line)
    {
        int option = line.IndexOf("hidepid="u8);
        if (option < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> value = line[(option + "hidepid="u8.Length)..];
        return !value.StartsWith("0"u8) && !value.StartsWith("off"u8) && !value.StartsWith("1"u8) && !value.StartsWith("noaccess"u8);
    }
}
