using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Xunit;

namespace Portcullis.KernelTests.Sockets;

/// <summary>
/// Network namespaces that no process is in, that nothing is mounted of and no descriptor open of: sockets made in them keep
/// them alive, and their listeners work.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HiddenNamespaceTests
{
    public enum Way
    {
        Proc,
        Bpf,
    }

    [Theory]
    [InlineData(Way.Proc)]
    [InlineData(Way.Bpf)]
    public void Namespace_that_only_a_socket_keeps_is_entered_and_its_listeners_belong_to_the_holder(Way way)
    {
        ulong network = 0;
        int[] made = [];
        Run(() =>
        {
            network = Enter();
            made = [Listener(7100), Listener(7101), Native.InheritedSocket(Native.AF_INET, Native.SOCK_DGRAM, 0)];
        });
        ulong inode = Native.Inode(made[0]);
        using Process child = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!;
        Array.ForEach(made, Native.Close);
        try
        {
            SocketInventory inventory = Read(way);

            NetworkNamespace found = Assert.Single(inventory.Namespaces, one => one.Inode == network);
            Assert.True(found.Inspected, string.Join("; ", inventory.Gaps));
            Assert.Equal(child.Id, found.Pid);
            Assert.Equal("lo", Assert.Single(found.Interfaces).Name);
            SocketFacts[] own = [.. inventory.Sockets.Where(socket => socket.Namespace == network)];
            Assert.Equal([7100, 7101], own.Select(socket => socket.Port).Order());
            Assert.All(own, socket => Assert.Equal([child.Id], socket.Holders));
            Assert.Contains(own, socket => socket.Inode == inode);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        SocketInventory after = Read(way);
        Assert.DoesNotContain(after.Namespaces, one => one.Inode == network);
        Assert.DoesNotContain(after.Sockets, one => one.Inode == inode);
    }

    [Theory]
    [InlineData(Way.Proc)]
    [InlineData(Way.Bpf)]
    public void Connected_socket_is_way_enough_and_one_of_a_thread_with_descriptors_of_its_own_too(Way way)
    {
        ulong network = 0;
        int[] made = [];
        using ManualResetEventSlim ready = new();
        using ManualResetEventSlim done = new();
        Thread hider = new(() =>
        {
            using SafeFileHandle home = File.OpenHandle("/proc/thread-self/ns/net");
            network = Enter();
            int listener = Listener(7102);
            int client = Native.InheritedSocket(Native.AF_INET, Native.SOCK_STREAM, 0);
            made = Native.TryConnect(client, IpAddress.Parse("127.0.0.1"), 7102) ? [listener, client] : [];
            Native.Return((int)home.DangerousGetHandle());
            Holders.Native.Unshare(Holders.Native.CLONE_FILES);
            ready.Set();
            done.Wait();
        });
        hider.Start();
        Assert.True(ready.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Array.ForEach(made, Native.Close); // in the table of all other threads; the hider has copies
        try
        {
            Assert.Equal(2, made.Length);
            SocketInventory inventory = Read(way);

            Assert.Equal([Environment.ProcessId], Assert.Single(inventory.Sockets, socket => socket.Namespace == network).Holders);
            Assert.True(Assert.Single(inventory.Namespaces, one => one.Inode == network).Inspected);
        }
        finally
        {
            done.Set();
            hider.Join();
        }
    }

    [Theory]
    [InlineData(Way.Proc)]
    [InlineData(Way.Bpf)]
    public void Socket_of_a_namespace_that_was_left_and_closed_leaves_nothing(Way way)
    {
        ulong network = 0;
        Run(() =>
        {
            network = Enter();
            Native.Close(Listener(7103));
        });

        Assert.DoesNotContain(Read(way).Namespaces, one => one.Inode == network);
    }

    /// <summary>Moves the thread into a new namespace; gives its inode.</summary>
    private static ulong Enter()
    {
        Native.NewNetwork();
        return ulong.Parse(
            File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)!.Name["net:[".Length..^1], CultureInfo.InvariantCulture);
    }

    /// <summary>One that children inherit.</summary>
    private static int Listener(int port)
    {
        int descriptor = Native.InheritedSocket(Native.AF_INET, Native.SOCK_STREAM, 0);
        Assert.True(Native.TryBind(descriptor, IpAddress.AnyV4, port) && Native.TryListen(descriptor, 5));
        return descriptor;
    }

    private static void Run(ThreadStart work)
    {
        Thread thread = new(work);
        thread.Start();
        thread.Join();

        // Joining waits for the runtime's thread; the kernel's, which is in the namespace, may end a moment later.
        Thread.Sleep(50);
    }

    private static SocketInventory Read(Way way)
    {
        using BpfHolderScan bpf = new(new ProcHolderScan());
        if (way == Way.Bpf)
        {
            HolderScanResult result = bpf.Scan();
            Assert.True(result.Way == HolderWay.Bpf, result.WhyNotBpf);
        }

        return new LinuxSockets(new LiveSource(), new LiveNetworkSource(), way == Way.Bpf ? bpf : new ProcHolderScan()).Read();
    }
}
