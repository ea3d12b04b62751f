using System;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Rules.Given;

/// <summary>
/// A network namespace that nothing but one thread of ours and what it starts is in: no packet ever comes by, and the kernel takes it away
/// with all its rules as soon as the thread has ended (network_namespaces(7)), even where we are killed.
/// </summary>
internal static class ThrowAwayNamespace
{
    /// <summary>The calling thread's, and that of the process's first thread.</summary>
    private const string OfThread = "/proc/thread-self/ns/net";
    private const string OfProcess = "/proc/self/ns/net";

    /// <summary>Works inside of a new one.</summary>
    /// <param name="work">Gets the door, and the name of the namespace as /proc shows it ("net:[4026532841]").</param>
    /// <returns>0, or the errno for which there was none; nothing was worked then.</returns>
    internal static int Run(Action<INetworkDoor, string> work)
    {
        int error = 0;
        OwnThread.Run(() =>
        {
            error = Enter(out string name);
            if (error == 0)
            {
                _ = new LiveNetworkSource().Visit(new NamespaceHandle(0, null), door => work(door, name));
            }
        });
        return error;
    }

    /// <summary>The kernel's word alone is not enough: rules that were loaded in the wrong place could lock everybody out.</summary>
    private static int Enter(out string name)
    {
        LiveSource files = new();
        string? before = files.Link(OfThread).Text;
        name = "";
        if (Libc.unshare(LibcSockets.CLONE_NEWNET) != 0)
        {
            return Errno.Last;
        }

        string? after = files.Link(OfThread).Text;
        if (before is null || after is null || after == before || after == files.Link(OfProcess).Text)
        {
            return Errno.ENOSYS;
        }

        name = after;
        return 0;
    }
}
