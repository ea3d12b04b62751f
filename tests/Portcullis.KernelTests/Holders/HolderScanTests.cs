using System;
using System.Net.Sockets;
using Portcullis.Os.Linux.Holders;
using Xunit;
using Holding = Portcullis.Core.Wire.HolderIndex;

namespace Portcullis.KernelTests.Holders;

/// <summary>Scans of the running kernel; root is needed. Most are played in PID and network namespaces of their own.</summary>
public sealed class HolderScanTests
{
    private static readonly string[] OwnMachine =
        ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"];

    private static readonly string[] Nobody =
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"];

    [Theory]
    [InlineData("idle")]
    [InlineData("listeners")]
    [InlineData("connections")]
    [InlineData("processes")]
    [InlineData("churn")]
    public void Both_ways_tell_the_same_in_a_container(string scene)
    {
        (int code, string words) = HolderInner.Run(scene, OwnMachine);
        Assert.True(code == HolderScenes.Same, words);
    }

    [Fact]
    public void Both_ways_tell_the_same_of_this_machine()
    {
        // Others live here too; what opens and closes one thing again and again may be missed once, but not every time.
        string words = "";
        for (int attempt = 0; attempt < 5; attempt++)
        {
            if (HolderScenes.Differences(1, out words) == 0)
            {
                return;
            }
        }

        Assert.Fail(words);
    }

    [Theory]
    [InlineData("hidden-thread")]
    [InlineData("thread-elsewhere")]
    [InlineData("held")]
    [InlineData("leader-gone")]
    public void What_hides_from_a_process_s_own_directory_is_found(string scene)
    {
        (int code, string words) = HolderInner.Run(scene, OwnMachine);
        Assert.True(code == HolderScenes.Same, words);
    }

    [Fact]
    public void A_second_look_by_the_kernel_tells_of_the_wanted_sockets_alone()
    {
        (int code, string words) = HolderInner.Run("second-look", OwnMachine);
        Assert.True(code == HolderScenes.Same, words);
    }

    [Fact]
    public void A_socket_is_told_while_it_is_open_and_not_after()
    {
        ProcHolderScan scan = new();
        ulong inode;
        using (Socket socket = HolderLoad.Listener())
        {
            inode = HolderScenes.SocketInode(socket);
            Assert.Contains(Environment.ProcessId, Holding.Read(scan.Scan().Records.Span).ForSocket(inode).ToArray());
        }

        Assert.DoesNotContain(Environment.ProcessId, Holding.Read(scan.Scan().Records.Span).ForSocket(inode).ToArray());
    }

    [Fact]
    public void Without_rights_proc_is_read_and_what_could_not_be_read_is_told()
    {
        (int code, string words) = HolderInner.Run("way", Nobody);
        Assert.Equal(0, code);
        Assert.Contains("way Proc: bpf load: operation not permitted", words, StringComparison.Ordinal);
        Assert.Contains("Kind = DescriptorsUnreadable, Pid = 1, Value = 13 ", words, StringComparison.Ordinal);
        Assert.Contains("Kind = NamespaceUnreadable, Pid = 1, Value = 13 ", words, StringComparison.Ordinal);
        Assert.DoesNotContain("ProcessesHidden", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_processes_are_told_of_to_those_they_are_hidden_from()
    {
        string[] hiding = ["unshare", "--mount", "sh", "-c", "mount -o remount,hidepid=2 /proc && exec \"$@\"", "sh"];
        Assert.Contains("ProcessesHidden, Pid = 0, Value = 0 ", HolderInner.Run("way", [.. OwnMachine, .. hiding, .. Nobody]).Words, StringComparison.Ordinal);
        (int code, string words) = HolderInner.Run("listeners", [.. OwnMachine, .. hiding]);
        Assert.True(code == HolderScenes.Same, words);
    }

    [Fact]
    public void A_proc_of_another_namespace_is_read_as_it_counts()
    {
        string[] outerProc = ["unshare", "--pid", "--fork", "--kill-child"];
        (int code, string words) = HolderInner.Run("way", outerProc);
        Assert.Equal(0, code);
        Assert.Contains("way Proc: /proc counts processes for another PID namespace", words, StringComparison.Ordinal);
        Assert.Contains("Kind = ThreadsUnreadable", words, StringComparison.Ordinal);
        Assert.Equal(HolderScenes.Same, HolderInner.Run("shell-scan", outerProc).Code);
    }

    [Fact]
    public void Scanning_again_leaves_no_descriptors_behind()
    {
        // In a process of its own: other tests open and close files meanwhile.
        (int code, string words) = HolderInner.Run("again", OwnMachine);
        Assert.True(code == HolderScenes.Same, words);
    }
}
