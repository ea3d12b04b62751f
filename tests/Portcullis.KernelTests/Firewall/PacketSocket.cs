using System;
using System.Runtime.InteropServices;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Firewall;

/// <summary>Sends whole frames by one interface of the namespace in which it was opened (packet(7)).</summary>
internal sealed partial class PacketSocket : IDisposable
{
    private const int AF_PACKET = 17;
    private const int SOCK_RAW = 3;
    private const int SOCK_CLOEXEC = 0x80000; // else a program that a test beside it starts holds it, and is rightly reported

    private readonly int _descriptor;

    internal PacketSocket(int index)
    {
        _descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); // protocol 0: it receives nothing
        Span<byte> address = stackalloc byte[20]; // struct sockaddr_ll
        MemoryMarshal.Write(address, (ushort)AF_PACKET);
        MemoryMarshal.Write(address[4..], index);
        if (_descriptor < 0 || bind(_descriptor, address, address.Length) != 0)
        {
            throw new LabException($"a packet socket: error {Marshal.GetLastPInvokeError()}");
        }
    }

    internal void Send(ReadOnlySpan<byte> frame)
    {
        for (int attempt = 0; send(_descriptor, frame, frame.Length, 0) != frame.Length; attempt++)
        {
            if (attempt == 1000)
            {
                throw new LabException($"send: error {Marshal.GetLastPInvokeError()}");
            }
        }
    }

    public void Dispose() => _ = close(_descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, ReadOnlySpan<byte> address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
