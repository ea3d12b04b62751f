using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Scanning;

/// <summary>Scans where something is amiss: a host that is gone, a firewall of our own, another scan, too few sockets.</summary>
public sealed class ScanTroubleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Own_firewall_that_drops_datagrams_hides_no_tcp_port(bool isRoot)
    {
        using KnownTarget target = await KnownTarget.Make(open: 10, seed: 21, faults: null);
        await target.Scanner.Load("table inet own { chain output { type filter hook output priority 0; meta l4proto udp drop; }; }\n");
        (await target.Scanner.Run("ip", "neigh", "flush", "all")).MustSucceed();
        string ports = string.Join(',', target.Open);
        ScannedTarget scanned = isRoot ? await ScannedTarget.By(target.Scanner, KnownTarget.Address, "-p", ports) : await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address, "-p", ports);
        Assert.Equal(target.Open, scanned.Open);
        Assert.Equal(0, scanned.Result.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_that_has_gone_is_not_called_filtered(bool isRoot)
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 22, faults: null);
        (await target.Scanner.Run("sysctl", "-w", "net.ipv4.neigh.va.base_reachable_time_ms=1")).MustSucceed();
        Assert.Equal(0, (await Scan(target.Scanner, isRoot, KnownTarget.Address, "-p", "1-1100")).ExitCode);
        (await target.Host.Run("ip", "address", "del", "10.77.0.2/24", "dev", "vb")).MustSucceed();
        (await target.Scanner.Run("ip", "neigh", "change", KnownTarget.Address, "dev", "va", "nud", "stale")).MustSucceed();
        CommandResult gone = await Scan(target.Scanner, isRoot, KnownTarget.Address, "-p", "1-1100");
        Assert.Contains("no host on the link answers", gone.Error);
        Assert.Equal(2, gone.ExitCode);
    }

    [Theory]
    [InlineData("10.77.0.99", "1-100")]
    [InlineData("fd77::99", "1-100")]
    [InlineData("10.77.0.99", "53/udp,161/udp")]
    public async Task Host_that_is_not_there_is_said_to_be_so_without_privileges(string address, string ports)
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 23, faults: null);
        CommandResult missing = await Scan(target.Scanner, isRoot: false, address, "-p", ports);
        Assert.Contains("no host on the link answers", missing.Error);
        Assert.Equal(2, missing.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_that_a_router_cannot_reach_is_not_said_to_be_behind_a_firewall(bool isRoot)
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 24, faults: null);
        (await target.Host.Run("ip", "link", "add", "vc", "type", "veth", "peer", "name", "vd")).MustSucceed();
        (await target.Host.Run("ip", "link", "set", "vc", "up")).MustSucceed();
        (await target.Host.Run("ip", "link", "set", "vd", "up")).MustSucceed();
        (await target.Host.Run("ip", "address", "add", "10.78.0.1/24", "dev", "vc")).MustSucceed();
        (await target.Host.Run("sysctl", "-w", "net.ipv4.ip_forward=1")).MustSucceed();
        (await target.Scanner.Run("ip", "route", "add", "10.78.0.0/24", "via", KnownTarget.Address)).MustSucceed();
        ScannedTarget scanned = isRoot ? await ScannedTarget.By(target.Scanner, "10.78.0.7", "-p", "22,80") : await ScannedTarget.ByNobody(target.Scanner, "10.78.0.7", "-p", "22,80");
        Assert.Equal(2, scanned.Summary("unknown"));
        Assert.Equal(3, scanned.Result.ExitCode);
        Assert.Contains(scanned.Gaps, static gap => gap == "2 ports: 10.77.0.2 says that the target cannot be reached");
    }

    [Fact]
    public async Task Answer_from_another_port_opens_the_port_that_was_asked_and_no_other()
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 25, faults: null);
        (await target.Host.Run("sysctl", "-w", "net.ipv4.icmp_ratelimit=0")).MustSucceed();
        (Socket server, Socket other) = target.Host.Do(static () => (Datagrams(69), Datagrams(40_000)));
        using Socket asked = server;
        using Socket answering = other;
        Task serving = Task.Run(() =>
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            asked.ReceiveFrom(new byte[512], ref from);
            answering.SendTo([0, 5, 0, 1, 0], from); // ERROR: file not found (RFC 1350)
        }, TestContext.Current.CancellationToken);
        ScannedTarget scanned = await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address, "-p", "69/udp,39990-40010/udp", "--rate", "max");
        await serving;
        Assert.Equal([69], scanned.Open);
    }

    [Fact]
    public async Task Machine_whose_loopback_is_down_is_still_this_machine()
    {
        using NetworkNamespace host = await NetworkNamespace.Create();
        (await host.Run("ip", "link", "set", "lo", "down")).MustSucceed();
        CommandResult result = await host.Portcullis("scan", "127.0.0.1", "-p", "80");
        Assert.DoesNotContain("is not this machine", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public async Task Port_0_is_no_reason_to_ask_no_other()
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 26, faults: null);
        ScannedTarget scanned = await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address, "-p", "0-3/udp");
        Assert.Equal((1, 3), (scanned.Summary("unknown"), scanned.Summary("closed")));
        Assert.Contains(scanned.Gaps, static gap => gap == "1 port: this machine could not send to them");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_probe_that_is_counted_went_out_once(bool isRoot)
    {
        using KnownTarget target = await KnownTarget.Make(open: 10, seed: 33, faults: null);
        await target.Host.Load(CountSyns);
        ScannedTarget scanned = isRoot ? await ScannedTarget.By(target.Scanner, KnownTarget.Address) : await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address);
        Assert.Equal(target.Open, scanned.Open);
        Assert.Equal(scanned.Summary("packetsSent"), await Syns(target));
    }

    [Fact]
    public async Task Link_that_goes_down_in_the_midst_is_told_with_what_was_found_before()
    {
        using KnownTarget target = await KnownTarget.Make(open: 2_000, seed: 34, faults: null);
        await target.Host.Load(CountSyns);
        Task<ScannedTarget> scanning = ScannedTarget.By(target.Scanner, KnownTarget.Address, "--rate", "10000");
        while (!scanning.IsCompleted && await Syns(target) < 10_000)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        (await target.Scanner.Run("ip", "link", "set", "va", "down")).MustSucceed();
        ScannedTarget scanned = await scanning;
        Assert.Contains(scanned.Gaps, static gap => gap.EndsWith("sending fails: network is down", StringComparison.Ordinal));
        Assert.NotEmpty(scanned.Open);
        Assert.Empty(scanned.Open.Except(target.Open));
        Assert.Equal(3, scanned.Result.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Scans_of_one_machine_do_not_find_each_other(bool isRoot)
    {
        using NetworkNamespace alone = await NetworkNamespace.Create();
        ScannedTarget[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => isRoot ? ScannedTarget.By(alone, "127.0.0.1") : ScannedTarget.ByNobody(alone, "127.0.0.1")));
        Assert.All(all, static one => Assert.Empty(one.Open));
        Assert.All(all, static one => Assert.Equal(65_535, one.Summary("probed")));
        Assert.All(all, static one => Assert.Equal(0, one.Result.ExitCode));
    }

    [Fact]
    public async Task Service_that_takes_no_ordinary_connection_is_not_called_known()
    {
        using KnownTarget target = await KnownTarget.Make(open: 2, seed: 27, faults: null);
        await target.Host.Load("table inet guard { chain input { type filter hook input priority 0; tcp option timestamp exists drop; }; }\n");
        ScannedTarget scanned = await ScannedTarget.By(target.Scanner, KnownTarget.Address, "-p", string.Join(',', target.Open), "--identify");
        Assert.Equal(target.Open, scanned.Open);
        Assert.Equal(3, scanned.Result.ExitCode);
        Assert.Contains(scanned.Gaps, static gap => gap.StartsWith("what answers on 2 of the open ports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_on_a_link_local_address_is_identified_and_the_link_can_be_named()
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 28, faults: null);
        (await target.Host.Run("ip", "address", "add", "fe80::77/64", "dev", "vb", "nodad")).MustSucceed();
        (await target.Scanner.Run("ip", "address", "add", "fe80::76/64", "dev", "va", "nodad")).MustSucceed();
        using Socket server = target.Host.Do(static () =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 8022));
            socket.Listen(16);
            return socket;
        });
        Task serving = Task.Run(() => Greet(server), TestContext.Current.CancellationToken);
        foreach (string name in new[] { "fe80::77", "fe80::77%va" })
        {
            CommandResult told = await Scan(target.Scanner, isRoot: true, name, "-p", "8022", "--identify", "--json");
            Assert.Contains("\"name\": \"ssh\"", told.Output);
            Assert.Equal(0, told.ExitCode);
        }

        Assert.Contains("no interface 'vz'", (await Scan(target.Scanner, isRoot: true, "fe80::77%vz", "-p", "8022")).Error);
        server.Dispose();
        await Assert.ThrowsAnyAsync<SocketException>(() => serving);
    }

    [Theory]
    [InlineData("0.0.0.0", "stands for all addresses")]
    [InlineData("224.0.0.1", "many hosts")]
    [InlineData("10.77.0.255", "many hosts")]
    public async Task What_is_no_host_is_refused(string address, string why)
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 29, faults: null);
        CommandResult refused = await Scan(target.Scanner, isRoot: true, address, "-p", "22");
        Assert.Contains(why, refused.Error);
        Assert.Equal(2, refused.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hosts_of_a_block_that_are_not_there_are_waited_for_all_at_once(bool isRoot)
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 35, faults: null);
        CommandResult told = await Scan(target.Scanner, isRoot, "10.77.0.0/24", "-p", "22,80", "--json"); // one by one it takes ten minutes, and the command's limit is one
        JsonElement[] lines = [.. told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(256, lines.Length);
        Assert.Equal(["10.77.0.1", "10.77.0.2"], lines.Where(static line => line.GetProperty("summary").GetProperty("closed").GetInt32() == 2).Select(static line => line.GetProperty("target").GetString()));
        Assert.Equal(253, lines.Count(static line => line.GetProperty("gaps").ToString().Contains("no host on the link answers", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Interrupted_block_tells_every_target_and_ends_with_130()
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 30, faults: null);
        CommandResult told = await InterruptedProgram.Run(target.Scanner, async () => (await target.Scanner.Run("ip", "neigh", "show", "10.77.0.80")).Output.Length > 0, "scan", "--i-own-this", "10.77.0.80-90", "-p", "22", "--json");
        JsonElement[] lines = [.. told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(Enumerable.Range(80, 11).Select(static last => $"10.77.0.{last}"), lines.Select(static line => line.GetProperty("target").GetString()));
        Assert.All(lines, static line => Assert.False(line.GetProperty("complete").GetBoolean()));
        Assert.Contains("interrupted before it came to it", told.Output);
        Assert.Equal(130, told.ExitCode);
    }

    [Fact]
    public async Task Interrupted_questions_end_with_130()
    {
        using KnownTarget target = await KnownTarget.Make(open: 3, seed: 31, faults: null);
        CommandResult told = await InterruptedProgram.Run(target.Scanner, async () => (await target.Scanner.Run("ss", "-Hnt", "state", "established")).Output.Length > 0, "scan", "--i-own-this", KnownTarget.Address, "-p", string.Join(',', target.Open), "--identify", "--json");
        Assert.Contains("the scan was interrupted", told.Output);
        Assert.Contains("\"open\": 3", told.Output);
        Assert.Equal(130, told.ExitCode);
    }

    [Fact]
    public async Task Whole_block_goes_into_one_file()
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 32, faults: null);
        string folder = Directory.CreateTempSubdirectory("portcullis-test-").FullName;
        string file = Path.Combine(folder, "scan.json");
        for (int round = 0; round < 2; round++)
        {
            CommandResult done = await Scan(target.Scanner, isRoot: true, "10.77.0.1-2", "-p", "1-3", "--json", "--output", file);
            Assert.Equal((0, ""), (done.ExitCode, done.Output));
            Assert.Equal(["10.77.0.1", "10.77.0.2"], File.ReadLines(file).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("target").GetString()));
            Assert.Equal([file], Directory.GetFiles(folder));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(90)]
    [InlineData(110)]
    [InlineData(160)]
    public async Task Few_sockets_are_no_defect(int most)
    {
        using KnownTarget target = await KnownTarget.Make(open: 3, seed: 33, faults: null);
        await target.Guard("drop");
        string ports = string.Join(',', target.Open) + ",1-20";
        foreach (string[] options in (string[][])[[], ["--connect"]])
        {
            CommandResult told = await target.Scanner.Run("bash", ["-c", "ulimit -n $0 && exec \"$@\"", $"{most}", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "scan", KnownTarget.Address, "--i-own-this", "-p", ports, .. options]);
            Assert.True(told.ExitCode is 0 or 2, $"{told.ExitCode}: {told.Error}");
            Assert.True(told.ExitCode == 0 || told.Error.Contains("ulimit -n", StringComparison.Ordinal), told.Error);
            Assert.True(told.ExitCode == 2 || told.Output.Contains("3 of 23 ports are open", StringComparison.Ordinal), told.Output);
            Assert.True(most < 160 || told.ExitCode == 0, told.Error);
        }
    }

    private const string CountSyns = "table inet count { chain input { type filter hook input priority -10; tcp flags & (syn | ack) == syn counter; }; }\n";

    private static async Task<double> Syns(KnownTarget target)
    {
        string told = (await target.Host.Run("nft", "list", "table", "inet", "count")).MustSucceed();
        return double.Parse(told.Split("counter packets ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static Task<CommandResult> Scan(NetworkNamespace from, bool isRoot, params string[] arguments)
    {
        string[] program = ["dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "scan", "--i-own-this", .. arguments];
        return isRoot ? from.Run(program[0], program[1..]) : from.Run("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", .. program]);
    }

    private static Socket Datagrams(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        socket.ReceiveTimeout = 20_000;
        return socket;
    }

    private static void Greet(Socket server)
    {
        while (true)
        {
            using Socket client = server.Accept();
            client.Send("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"u8);
            client.ReceiveTimeout = 500;
            try
            {
                client.Receive(new byte[64]);
            }
            catch (SocketException)
            {
                // it has heard enough
            }
        }
    }
}
