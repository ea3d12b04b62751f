using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Portcullis.KernelTests.Lab;

/// <summary>A network card whose cable is in our hands (Documentation/networking/tuntap.rst), in the namespace of the thread that makes it.</summary>
internal sealed partial class TapDevice : IDisposable
{
    private const int O_RDWR = 2;
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const nuint TUNSETIFF = 0x400454ca; // linux/if_tun.h
    private const ushort IFF_TAP = 2;
    private const ushort IFF_NO_PI = 0x1000;
    private const int POLLIN = 1;
    private const int NameLength = 16; // linux/if.h: IFNAMSIZ

    private readonly int _descriptor;

    internal TapDevice(string name)
    {
        _descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
        Span<byte> request = stackalloc byte[40]; // struct ifreq
        request.Clear();
        Encoding.ASCII.GetBytes(name, request[..(NameLength - 1)]);
        MemoryMarshal.Write(request[NameLength..], (ushort)(IFF_TAP | IFF_NO_PI));
        if (_descriptor < 0 || ioctl(_descriptor, TUNSETIFF, request) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            Dispose();
            throw new LabException(string.Create(CultureInfo.InvariantCulture, $"a TAP device: error {error}"));
        }
    }

    /// <summary>Takes a frame that the namespace has sent; its length, or 0 for none.</summary>
    internal int Read(Span<byte> frame) => (int)Math.Max(read(_descriptor, frame, (nuint)frame.Length), 0);

    /// <summary>Waits for a frame, not longer than so many nanoseconds (below a second).</summary>
    internal void Wait(long nanoseconds)
    {
        Span<long> time = [0, nanoseconds];
        Span<int> wanted = [_descriptor, POLLIN]; // struct pollfd
        _ = ppoll(wanted, 1, time, 0);
    }

    /// <summary>Hands the namespace a frame; a card that is down takes none.</summary>
    internal void Write(ReadOnlySpan<byte> frame) => _ = write(_descriptor, frame, (nuint)frame.Length);

    /// <inheritdoc/>
    public void Dispose() => _ = close(_descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, Span<byte> argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, Span<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ppoll(Span<int> descriptors, nuint count, Span<long> time, nint signals);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
