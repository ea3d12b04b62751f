using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Processes;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Sockets;

/// <summary>Sockets that more than the test process holds, or that want to confuse whoever looks.</summary>
[Collection(nameof(Alone))]
public sealed class HeldElsewhereTests
{
    [Fact]
    public async Task Inherited_socket_is_held_by_parent_and_child()
    {
        using Network network = await Network.Create();
        int descriptor = -1;
        Process? child = null;
        try
        {
            network.Do(() =>
            {
                descriptor = Native.InheritedSocket(Native.AF_INET, Native.SOCK_STREAM, 0);
                Assert.True(Native.TryBind(descriptor, IpAddress.AnyV4, 7000) && Native.TryListen(descriptor, 5));
            });
            child = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!;

            SocketFacts socket = Assert.Single(Read().Sockets, one => one.Port == 7000 && one.Inode == Native.Inode(descriptor));
            Assert.Equal(new[] { Environment.ProcessId, child.Id }.Order(), socket.Holders);
        }
        finally
        {
            child?.Kill();
            child?.WaitForExit();
            Native.Close(descriptor);
        }
    }

    [Fact]
    public async Task Socket_outlives_the_process_that_opened_it()
    {
        using Network network = await Network.Create();
        int descriptor = -1;
        network.Do(() =>
        {
            descriptor = Native.InheritedSocket(Native.AF_INET, Native.SOCK_STREAM, 0);
            Assert.True(Native.TryBind(descriptor, IpAddress.AnyV4, 7001) && Native.TryListen(descriptor, 5));
        });
        ulong inode = Native.Inode(descriptor);
        using Process child = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!;
        Native.Close(descriptor);
        try
        {
            SocketInventory inventory = Read();
            Assert.True(
                inventory.Sockets.Any(one => one.Inode == inode),
                $"{network.Path}: {string.Join("; ", inventory.Namespaces)} {string.Join("; ", inventory.Gaps)} {string.Join(' ', Directory.GetFiles($"/proc/{child.Id}/fd").Select(file => File.ResolveLinkTarget(file, false)?.Name))}");
            Assert.Equal([child.Id], Assert.Single(inventory.Sockets, one => one.Inode == inode).Holders);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        Assert.DoesNotContain(Read().Sockets, one => one.Inode == inode);
    }

    [Fact]
    public async Task Waiting_connections_are_no_listeners_but_a_queue()
    {
        using Network network = await Network.Create();
        network.Do(() =>
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 7002);
            listener.Start(2000);
            System.Net.Sockets.Socket[] clients = [.. Enumerable.Range(0, 1000).Select(_ => Connected())];
            ulong inode = ulong.Parse(
                File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)!.Name["net:[".Length..^1], System.Globalization.CultureInfo.InvariantCulture);

            SocketFacts[] own = [.. Read().Sockets.Where(one => one.Namespace == inode)];

            Assert.Equal(7002, Assert.Single(own).Port);
            Assert.Equal(1000u, own[0].Queue);
            Array.ForEach(clients, client => client.Dispose());
        });

        static System.Net.Sockets.Socket Connected()
        {
            System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            socket.Connect(System.Net.IPAddress.Loopback, 7002);
            return socket;
        }
    }

    [Fact]
    public void Megabyte_of_arguments_is_cut_and_the_name_is_kept_as_it_is()
    {
        string argument = new('x', 120_000); // MAX_ARG_STRLEN is 128 KiB
        using Process large = Process.Start(new ProcessStartInfo("bash", ["-c", "printf '\\033]0;x\\007\\n' >/proc/$$/comm; read -t 60 line", .. Enumerable.Repeat(argument, 8)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!;
        try
        {
            ProcessFacts facts;
            Stopwatch patience = Stopwatch.StartNew();
            do
            {
                facts = new LinuxProcesses(new LiveSource()).Describe([large.Id], hash: false).Processes.Single(one => one.Pid == large.Id);
            }
            while (!facts.Name.StartsWith('\u001b') && patience.Elapsed < TimeSpan.FromSeconds(10));

            Assert.InRange(facts.CommandLine.Sum(one => one.Length), 100, 4096);
        }
        finally
        {
            large.Kill();
            large.WaitForExit();
        }
    }

    [Fact]
    public void Process_that_has_ended_is_left_out()
    {
        using Process process = Process.Start("true");
        process.WaitForExit();

        Assert.DoesNotContain(new LinuxProcesses(new LiveSource()).Describe([process.Id], hash: false).Processes, one => one.Pid == process.Id);
    }

    [Fact]
    public void Hash_is_that_of_the_file_as_it_runs()
    {
        using Process process = Process.Start(new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false })!;
        try
        {
            ProcessFacts facts = new LinuxProcesses(new LiveSource()).Describe([process.Id], hash: true).Processes.Single(one => one.Pid == process.Id);
            string expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(facts.Executable!)));

            Assert.Equal(expected, facts.Sha256);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static SocketInventory Read() => new LinuxSockets(new LiveSource(), new LiveNetworkSource(), new ProcHolderScan()).Read();
}
