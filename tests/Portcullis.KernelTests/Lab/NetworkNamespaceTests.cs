using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;

namespace Portcullis.KernelTests.Lab;

/// <summary>The lab's namespaces: what the tests that open sockets stand on.</summary>
public sealed class NetworkNamespaceTests
{
    [Fact]
    public async Task Socket_made_inside_listens_inside_and_not_on_the_host()
    {
        using NetworkNamespace inside = await NetworkNamespace.Create();
        using NetworkNamespace other = await NetworkNamespace.Create();
        using Socket socket = inside.Do(() =>
        {
            Socket made = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            made.Bind(new IPEndPoint(IPAddress.Loopback, 4321));
            made.Listen();
            return made;
        });
        Assert.Contains(":4321 ", (await inside.Run("ss", "-tlnH")).MustSucceed(), StringComparison.Ordinal);
        Assert.Empty((await other.Run("ss", "-tlnH")).MustSucceed());
        // The kernel's own table too: 0x10E1 is 4321, and this thread never left the host.
        Assert.Contains(":10E1 ", inside.Do(() => File.ReadAllText("/proc/thread-self/net/tcp")), StringComparison.Ordinal);
        Assert.DoesNotContain("0100007F:10E1 ", File.ReadAllText("/proc/thread-self/net/tcp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposed_namespace_is_gone_and_what_went_wrong_inside_is_told()
    {
        NetworkNamespace made = await NetworkNamespace.Create();
        Assert.Throws<InvalidOperationException>(() => made.Do(() => throw new InvalidOperationException()));
        Assert.True(File.Exists(made.Path));
        made.Dispose();
        Assert.False(File.Exists(made.Path));
        Assert.Throws<FileNotFoundException>(() => made.Do(() => { }));
    }

    [Fact]
    public async Task Sweep_removes_what_a_killed_run_left_and_nothing_of_ours()
    {
        // No process has a number above kernel.pid_max, which is at most 2^22.
        string left = $"pct-4194305-{Environment.ProcessId}";
        using NetworkNamespace ours = await NetworkNamespace.Create();
        (await Command.Run("ip", "netns", "add", left)).MustSucceed();
        (await Command.Run(System.IO.Path.Combine(LabFiles.Scripts, "box"), "sweep")).MustSucceed();
        Assert.False(File.Exists($"/run/netns/{left}"));
        Assert.True(File.Exists(ours.Path));
    }
}
