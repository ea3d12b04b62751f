using System;
using System.Runtime.InteropServices;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Tcp;

/// <summary>A network card whose cable is in our hands (Documentation/networking/tuntap.rst), in the namespace of the thread that makes it.</summary>
internal sealed partial class TapDevice : IDisposable
{
    private const int O_RDWR = 2;
    private const int O_CLOEXEC = 0x80000;
    private const nuint TUNSETIFF = 0x400454ca; // linux/if_tun.h
    private const ushort IFF_TAP = 2;
    private const ushort IFF_NO_PI = 0x1000;
    private const short POLLIN = 1;

    private readonly int _descriptor;

    internal TapDevice(string name)
    {
        _descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
        Span<byte> request = stackalloc byte[40]; // struct ifreq
        request.Clear();
        System.Text.Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request[16..], (ushort)(IFF_TAP | IFF_NO_PI));
        if (_descriptor < 0 || ioctl(_descriptor, TUNSETIFF, request) != 0)
        {
            throw new LabException($"a TAP device: error {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Takes a frame that the namespace has sent; 0 where none came in so many milliseconds.</summary>
    internal int Read(Span<byte> frame, int milliseconds)
    {
        Span<byte> wait = stackalloc byte[8]; // struct pollfd
        MemoryMarshal.Write(wait, _descriptor);
        MemoryMarshal.Write(wait[4..], (int)POLLIN);
        return poll(wait, 1, milliseconds) > 0 ? (int)Math.Max(read(_descriptor, frame, frame.Length), 0) : 0;
    }

    /// <summary>Hands the namespace a frame.</summary>
    internal void Write(ReadOnlySpan<byte> frame) => _ = write(_descriptor, frame, frame.Length);

    public void Dispose() => _ = close(_descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, Span<byte> value);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(Span<byte> descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, Span<byte> bytes, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> bytes, nint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
