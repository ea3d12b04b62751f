using System;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Twins;

/// <summary>A descriptor of the network namespace of the thread that opened it.</summary>
internal sealed unsafe class NamespaceDescriptor : IDisposable
{
    private NamespaceDescriptor(int number) => Number = number;

    /// <summary>The descriptor.</summary>
    internal int Number { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="ProbeException">/proc is not there.</exception>
    internal static NamespaceDescriptor OfThread()
    {
        fixed (byte* path = "/proc/thread-self/ns/net"u8)
        {
            int descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            return descriptor >= 0 ? new NamespaceDescriptor(descriptor) : throw new ProbeException($"/proc/thread-self/ns/net cannot be opened: {Errno.Text(Errno.Last)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = Libc.close(Number);
}
