using System;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Reads the running kernel's types. They can't change while it runs, so once is enough for a process.</summary>
internal static unsafe class KernelTypes
{
    private const int MostBytes = 1 << 27;

    private static KernelLayout? _layout;

    /// <summary>The layout; null with the reason.</summary>
    internal static KernelLayout? Layout(out string? why)
    {
        why = null;
        return _layout ??= Read(out why);
    }

    /// <summary>Lets the next scan read them again, as the first one of a process does; for measuring.</summary>
    internal static void Forget() => _layout = null;

    private static KernelLayout? Read(out string? why)
    {
        int descriptor;
        fixed (byte* path = "/sys/kernel/btf/vmlinux"u8)
        {
            descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        }

        if (descriptor < 0)
        {
            why = "/sys/kernel/btf/vmlinux: " + Errno.Text(Errno.Last);
            return null;
        }

        Statx status;
        byte empty = 0;
        int size = Libc.statx(descriptor, &empty, Libc.AT_EMPTY_PATH, Statx.BasicStats, &status) == 0 && status.Size <= MostBytes ? (int)status.Size : 0;

        // Mapping saves copying 5 MB; kernels before 6.16 only let it be read.
        void* map = size == 0 ? (void*)-1 : Libc.mmap(null, (nuint)size, Libc.PROT_READ, Libc.MAP_PRIVATE, descriptor, 0);
        KernelLayout? layout = KernelLayout.Read(map == (void*)-1 ? ReadAll(descriptor, size) : new ReadOnlySpan<byte>(map, size), out string? missing);
        if (map != (void*)-1)
        {
            _ = Libc.munmap(map, (nuint)size);
        }

        _ = Libc.close(descriptor);
        why = missing is null ? null : "/sys/kernel/btf/vmlinux: " + missing;
        return layout;
    }

    private static byte[] ReadAll(int descriptor, int size)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(size);
        int length = 0;
        while (length < size)
        {
            nint count;
            fixed (byte* start = &bytes[length])
            {
                count = Libc.read(descriptor, start, (nuint)(size - length));
            }

            if (count == 0 || (count < 0 && Errno.Last != Errno.EINTR))
            {
                break;
            }

            length += Math.Max((int)count, 0);
        }

        return bytes[..length];
    }
}
