using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Sockets;
using Portcullis.Os.Linux.Native;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>BPF programs that decide about packets beside the rules, loaded for real: those whom they concern are unsure, and nobody else is.</summary>
/// <remarks>Alone, since of a program at netfilter's hooks nobody knows whose namespace it sees: every other test's would be unsure too.</remarks>
[Collection(nameof(Alone))]
public sealed partial class PacketProgramTests
{
    private const uint SchedCls = 3;
    private const uint CgroupSkb = 8;
    private const uint SkLookup = 30;
    private const uint Netfilter = 32;
    private const uint AtNetfilter = 45;

    private static readonly string s_groups = Directory.Exists("/sys/fs/cgroup/unified") ? "/sys/fs/cgroup/unified" : "/sys/fs/cgroup";

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Program_of_a_control_group_concerns_the_sockets_that_were_made_there(bool byLink, bool above)
    {
        using Network network = await Serving();
        using Group group = new();
        using Process inside = Listen(network, 8001, Path.Combine(group.Path, "in", "side"));
        using Process outside = Listen(network, 8002, null);
        try
        {
            string place = Path.Combine(group.Path, above ? "in" : "in/side");
            int directory = LoadedProgram.Open(place);
            using (LoadedProgram program = new("pc_no_entry", CgroupSkb, Libc.BPF_CGROUP_INET_INGRESS, 0))
            {
                _ = byLink ? program.Link(directory, Libc.BPF_CGROUP_INET_INGRESS) : program.Attach(directory, Libc.BPF_CGROUP_INET_INGRESS);
                JsonElement audit = await Audit(network);

                string expected = $"the BPF program pc_no_entry of the control group {Path.GetFileName(place)} (bpftool cgroup show {place})";
                Assert.Equal($"conditional {expected}", Internet(audit, 8001));
                Assert.Equal("reachable ", Internet(audit, 8002));
                Assert.Equal($"cgroup pc_no_entry {place}", Assert.Single(Programs(audit), one => one.Contains("pc_no_entry", StringComparison.Ordinal)));
                Assert.False(Connects(network, 8001));
                Assert.True(Connects(network, 8002));
            }

            Assert.Equal("reachable ", Internet(await Audit(network), 8001));
            Assert.True(Connects(network, 8001));
            _ = Libc.close(directory);
        }
        finally
        {
            End(inside);
            End(outside);
        }
    }

    [Fact]
    public async Task Program_of_a_control_group_never_opens_what_the_rules_keep_shut()
    {
        using Network network = await Serving();
        await network.Load("table inet f {\n chain i {\n type filter hook input priority 0; policy drop;\n }\n}\n");
        using Group group = new();
        using Process inside = Listen(network, 8001, Path.Combine(group.Path, "in"));
        int directory = LoadedProgram.Open(Path.Combine(group.Path, "in"));
        try
        {
            using LoadedProgram program = new LoadedProgram("pc_entry", CgroupSkb, Libc.BPF_CGROUP_INET_INGRESS, 1).Link(directory, Libc.BPF_CGROUP_INET_INGRESS);
            Assert.Equal("blocked ", Internet(await Audit(network), 8001));
        }
        finally
        {
            _ = Libc.close(directory);
            End(inside);
        }
    }

    [Fact]
    public async Task Program_of_tcx_concerns_its_interface()
    {
        using Network network = await Serving();
        using Process listening = Listen(network, 8001, null);
        try
        {
            Assert.Equal("reachable ", Internet(await Audit(network), 8001));
            using LoadedProgram program = network.Do(() => new LoadedProgram("pc_tcx", SchedCls, 0, 0).Link(Index("d0"), Libc.BPF_TCX_INGRESS));
            JsonElement audit = await Audit(network);
            Assert.Equal("conditional the BPF program pc_tcx of traffic control on d0 (bpftool net show dev d0)", Internet(audit, 8001));
            Assert.Contains("tcx pc_tcx d0", Programs(audit));

            using Network other = await Serving();
            using Process unconcerned = Listen(other, 8001, null);
            Assert.Equal("reachable ", Internet(await Audit(other), 8001));
            End(unconcerned);
        }
        finally
        {
            End(listening);
        }
    }

    [Fact]
    public async Task Program_that_chooses_sockets_concerns_its_namespace_and_even_those_of_loopback()
    {
        using Network network = await Serving();
        using Process listening = Listen(network, 8001, null);
        using Process loopback = Listen(network, 8002, null, "127.0.0.1");
        int target = LoadedProgram.Open(network.Path);
        try
        {
            Assert.Equal("blocked ", Internet(await Audit(network), 8002));
            using (new LoadedProgram("pc_choose", SkLookup, Libc.BPF_SK_LOOKUP, 1).Link(target, Libc.BPF_SK_LOOKUP))
            {
                JsonElement audit = await Audit(network);
                Assert.StartsWith("conditional the BPF program pc_choose that chooses sockets (sk_lookup; bpftool prog show id ", Internet(audit, 8001), StringComparison.Ordinal);
                Assert.StartsWith("conditional the BPF program pc_choose", Internet(audit, 8002), StringComparison.Ordinal);
                Assert.Contains("sk_lookup pc_choose this host", Programs(audit));
            }

            Assert.Equal("reachable ", Internet(await Audit(network), 8001));
        }
        finally
        {
            _ = Libc.close(target);
            End(listening);
            End(loopback);
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)] // what leaves
    public async Task Program_at_netfilters_hooks_concerns_everybody(uint hook, bool expected)
    {
        using Network network = await Serving();
        using Process listening = Listen(network, 8001, null);
        try
        {
            using LoadedProgram program = network.Do(() => new LoadedProgram("pc_filter", Netfilter, AtNetfilter, 1).Link(0, AtNetfilter, 2, hook));
            JsonElement audit = await Audit(network);
            Assert.Equal(expected, Internet(audit, 8001).StartsWith("conditional the BPF program pc_filter at netfilter's hook ipv4 input of some network namespace", StringComparison.Ordinal));
            Assert.Equal(!expected, Internet(audit, 8001) == "reachable ");
            Assert.Contains($"netfilter pc_filter ipv4 {(hook == 1 ? "input" : "output")}", Programs(audit));
        }
        finally
        {
            End(listening);
        }
    }

    private static async Task<Network> Serving()
    {
        Network network = await Network.Create();
        foreach (string line in (string[])["link add d0 type veth peer name d1", "addr add 203.0.113.7/24 dev d0", "link set d0 up", "link set d1 up", "route add default via 203.0.113.1"])
        {
            (await network.Run("ip", line.Split(' '))).MustSucceed();
        }

        return network;
    }

    /// <summary>A process that listens in a namespace and, if wanted, in a control group that is made for it.</summary>
    private static Process Listen(Network network, int port, string? group, string address = "0.0.0.0")
    {
        if (group is not null)
        {
            Directory.CreateDirectory(group);
        }

        string code = string.Create(CultureInfo.InvariantCulture, $"import socket, sys; s = socket.socket(); s.bind(('{address}', {port})); s.listen(8); print('ready', flush=True); sys.stdin.read()");
        string join = group is null ? "" : $"echo 0 >{group}/cgroup.procs && ";
        Process process = Command.Start("nsenter", [$"--net={network.Path}", "sh", "-c", $"{join}exec python3 -c \"{code}\""]);
        Assert.Equal("ready", process.StandardOutput.ReadLine() ?? process.StandardError.ReadToEnd());
        return process;
    }

    private static void End(Process process)
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }

    private static bool Connects(Network network, int port) => network.Do(() =>
    {
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { Blocking = false };
        try
        {
            socket.Connect(System.Net.IPAddress.Loopback, port);
        }
        catch (System.Net.Sockets.SocketException waiting) when (waiting.SocketErrorCode is System.Net.Sockets.SocketError.WouldBlock or System.Net.Sockets.SocketError.InProgress)
        {
        }

        return socket.Poll(TimeSpan.FromMilliseconds(400), System.Net.Sockets.SelectMode.SelectWrite);
    });

    /// <summary>By nsenter(1), which leaves /sys as it is: ip-netns(8) would hide the control groups.</summary>
    private static async Task<JsonElement> Audit(Network network)
    {
        CommandResult audit = await Command.Run("nsenter", $"--net={network.Path}", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "audit", "--json");
        return JsonDocument.Parse(audit.Output).RootElement;
    }

    private static string Internet(JsonElement audit, int port)
    {
        JsonElement listener = audit.GetProperty("listeners").EnumerateArray().Single(one => one.GetProperty("namespace").GetString() == "host" && one.GetProperty("port").GetInt32() == port);
        JsonElement exposure = listener.GetProperty("exposure").EnumerateArray().Single(one => one.GetProperty("zone").GetString() == "internet");
        return $"{exposure.GetProperty("verdict").GetString()} {string.Join("; ", exposure.GetProperty("dependsOn").EnumerateArray().Select(one => one.GetString()))}";
    }

    private static string[] Programs(JsonElement audit) =>
        [.. audit.GetProperty("firewall").GetProperty("programs").EnumerateArray().Select(one => $"{one.GetProperty("kind").GetString()} {one.GetProperty("name").GetString()} {one.GetProperty("place").GetString()}")];

    private static int Index(string name) => (int)if_nametoindex(name); // of the thread's namespace

    [System.Runtime.InteropServices.LibraryImport("libc", StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    /// <summary>A control group of the test's own, gone with all in it.</summary>
    private sealed class Group : IDisposable
    {
        private static int s_count;

        internal Group()
        {
            Path = System.IO.Path.Combine(s_groups, string.Create(CultureInfo.InvariantCulture, $"pct-{Environment.ProcessId}-{++s_count}"));
            Directory.CreateDirectory(Path);
        }

        internal string Path { get; }

        public void Dispose()
        {
            // Only rmdir(2) removes one; the files in it are the kernel's.
            foreach (string directory in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).OrderByDescending(one => one.Length).Append(Path))
            {
                Command.Run("rmdir", directory).GetAwaiter().GetResult();
            }
        }
    }
}
