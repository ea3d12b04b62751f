using System;
using System.Runtime.InteropServices;

namespace Portcullis.KernelTests.Holders;

/// <summary>What the scenes ask of the kernel.</summary>
internal static unsafe partial class Native
{
    internal const int CLONE_FILES = 0x400;
    internal const int CLONE_NEWNET = 0x40000000;
    internal const int CLONE_NEWNS = 0x20000;
    internal const int CLONE_NEWUTS = 0x4000000;
    internal const int MS_BIND = 4096;
    internal const int MNT_DETACH = 2;
    internal const int O_PATH = 0x200000;

    /// <summary>Clears FD_CLOEXEC.</summary>
    internal static void Inheritable(int descriptor) => Checked(fcntl(descriptor, 2, 0));

    internal static void Unshare(int flags) => Checked(unshare(flags));

    internal static int Open(string path, int flags = 0) => Checked(open(path, flags | 0x80000));

    internal static void BindMount(string from, string to) => Checked(mount(from, to, null, MS_BIND, null));

    internal static void Detach(string path) => Checked(umount2(path, MNT_DETACH));

    internal static void Close(int descriptor) => Checked(close(descriptor));

    /// <summary>Ends the calling thread only, even if it is the leading one.</summary>
    internal static void EndThread() => syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 60 : 93, 0);

    private static int Checked(int result) =>
        result >= 0 ? result : throw new InvalidOperationException(Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string from, string to, string? kind, nuint flags, void* data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial long syscall(long number, int code);
}
