using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Scanning;

/// <summary>Scans of hosts whose open ports are known: none is missed, none is invented.</summary>
public sealed class ScanTests
{
    public static TheoryData<string, string> Verdicts => new()
    {
        { "reject with tcp reset", "closed" },
        { "drop", "filtered" },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public async Task All_open_ports_are_found_and_no_others(string verdict, string state)
    {
        using KnownTarget target = await KnownTarget.Make(open: 100, seed: 1, faults: null);
        await target.Guard(verdict);
        foreach (ScannedTarget scanned in (ScannedTarget[])
        [
            await ScannedTarget.By(target.Scanner, KnownTarget.Address), await ScannedTarget.By(target.Scanner, "fd77::2"), await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address),
        ])
        {
            Assert.Equal(target.Open, scanned.Open);
            Assert.Equal(65_435, scanned.Summary(state));
            Assert.True(scanned.Complete, string.Join("; ", scanned.Gaps));
            Assert.Equal(0, scanned.Result.ExitCode);
        }
    }

    [Theory]
    [InlineData(0.01, "accept", "closed")]
    [InlineData(0.01, "drop", "filtered")]
    [InlineData(0.05, "accept", "closed")]
    [InlineData(0.10, "drop", "filtered")]
    public async Task Loss_and_delay_hide_no_port(double loss, string verdict, string state)
    {
        using KnownTarget target = await KnownTarget.Make(open: 50, seed: 2, new LinkFaults { Delay = 20, Loss = loss });
        await target.Guard(verdict);
        ScannedTarget scanned = await ScannedTarget.By(target.Scanner, KnownTarget.Address);
        Assert.Equal(target.Open, scanned.Open);
        Assert.True(scanned.Complete, string.Join("; ", scanned.Gaps));
        Assert.Equal(65_485, scanned.Summary(state));
        Assert.InRange(scanned.Summary("loss"), loss / 2, 1); // the link's, and what the scan itself was too fast for
    }

    [Fact]
    public async Task A_firewall_that_says_so_has_its_ports_called_rejected_and_by_whom()
    {
        using KnownTarget target = await KnownTarget.Make(open: 5, seed: 3, faults: null);
        await target.Guard("reject with icmpx admin-prohibited");
        (await target.Host.Run("sysctl", "-w", "net.ipv4.icmp_ratelimit=0")).MustSucceed();
        string ports = string.Join(',', target.Open.Append(4).Append(5).Append(6));
        foreach (ScannedTarget scanned in (ScannedTarget[])[await ScannedTarget.By(target.Scanner, KnownTarget.Address, "-p", ports), await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address, "-p", ports)])
        {
            Assert.Equal(target.Open, scanned.Open);
            Assert.Equal(3, scanned.Summary("rejected"));
        }
    }

    [Fact]
    public async Task Refusals_that_the_target_counts_are_not_taken_for_silence()
    {
        using KnownTarget target = await KnownTarget.Make(open: 50, seed: 4, faults: null);
        await target.Guard("limit rate 2000/second burst 5 packets reject with tcp reset\n    tcp dport != @open drop");
        ScannedTarget scanned = await ScannedTarget.By(target.Scanner, KnownTarget.Address);
        Assert.Equal(target.Open, scanned.Open);
        Assert.Equal(0, scanned.Summary("filtered"));
        Assert.False(scanned.Complete);
        Assert.Contains(scanned.Gaps, static gap => gap.Contains("limits how often it refuses"));
        Assert.Equal(3, scanned.Result.ExitCode);
    }

    [Fact]
    public async Task A_target_that_shuts_the_scan_out_half_way_is_noticed()
    {
        using KnownTarget target = await KnownTarget.Make(open: 50, seed: 5, faults: null);
        await target.Host.Load("""
            table inet guard {
              chain input {
                type filter hook input priority 0; policy accept;
                tcp flags syn limit rate over 10/second burst 20000 packets drop
              }
            }
            """);
        ScannedTarget scanned = await ScannedTarget.By(target.Scanner, KnownTarget.Address, "--rate", "100000");
        Assert.Equal(0, scanned.Summary("filtered"));
        Assert.False(scanned.Complete);
        Assert.All(scanned.Open, port => Assert.Contains(port, target.Open));
    }

    [Fact]
    public async Task What_says_yes_to_everything_is_no_host_with_many_services()
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 6, faults: null);
        (await target.Host.Run("nft", $"add table inet pit; add chain inet pit pre {{ type nat hook prerouting priority -100; }}; add rule inet pit pre tcp dport 1-65535 redirect to :{target.Open[0]}")).MustSucceed();
        ScannedTarget scanned = await ScannedTarget.By(target.Scanner, KnownTarget.Address, "-p", "1-2000");
        Assert.False(scanned.Complete);
        Assert.Contains(scanned.Gaps, static gap => gap.Contains("says yes"));
    }

    [Fact]
    public async Task Only_what_is_ones_own_is_scanned()
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 7, faults: null);
        CommandResult refused = await target.Scanner.Portcullis("scan", KnownTarget.Address);
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal("", refused.Output);
        Assert.Contains("--i-own-this", refused.Error);
        CommandResult own = await target.Scanner.Portcullis("scan", "10.77.0.1", "-p", "1-100");
        Assert.Equal(0, own.ExitCode);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_said_to_be_so()
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 8, faults: null);
        CommandResult missing = await target.Scanner.Portcullis("scan", "10.77.0.99", "--i-own-this", "-p", "22");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no host on the link answers", missing.Error);
        CommandResult unreachable = await target.Scanner.Portcullis("scan", "192.0.2.1", "--i-own-this", "-p", "22");
        Assert.Equal(2, unreachable.ExitCode);
        Assert.Contains("no route", unreachable.Error);
    }

    [Fact]
    public async Task Other_open_ports_than_expected_end_with_1()
    {
        using KnownTarget target = await KnownTarget.Make(open: 2, seed: 9, faults: null);
        string all = string.Join(',', target.Open);
        Assert.Equal(0, (await ScannedTarget.By(target.Scanner, KnownTarget.Address, "--expect", all)).Result.ExitCode);
        Assert.Equal(1, (await ScannedTarget.By(target.Scanner, KnownTarget.Address, "--expect", $"{target.Open[0]}")).Result.ExitCode);
    }

    [Fact]
    public async Task Udp_ports_are_told_by_their_services_and_by_icmp()
    {
        using KnownTarget target = await KnownTarget.Make(open: 1, seed: 10, faults: null);
        (await target.Host.Run("sysctl", "-w", "net.ipv4.icmp_ratelimit=0")).MustSucceed();
        using Socket clock = target.Host.Do(static () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 13));
            return socket;
        });
        Task answering = Task.Run(() =>
        {
            byte[] buffer = new byte[64];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            clock.ReceiveTimeout = 20_000;
            clock.ReceiveFrom(buffer, ref from);
            clock.SendTo("Sun Nov 22 02:00:00 2026\r\n"u8, from);
        }, TestContext.Current.CancellationToken);
        await target.Host.Load("table inet guard { chain input { type filter hook input priority 0; udp dport 19 drop; }; }\n");
        ScannedTarget scanned = await ScannedTarget.ByNobody(target.Scanner, KnownTarget.Address, "-p", "13/udp,17/udp,19/udp");
        await answering;
        Assert.Equal([13], scanned.Open);
        Assert.Equal(1, scanned.Summary("closed"));
        Assert.Equal(1, scanned.Summary("openOrFiltered"));
    }

    [Fact]
    public async Task What_answers_on_an_open_port_is_told()
    {
        using KnownTarget target = await KnownTarget.Make(open: 0, seed: 11, faults: null);
        using Socket server = target.Host.Do(static () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 8022));
            socket.Listen(16);
            return socket;
        });
        Task serving = Task.Run(() =>
        {
            for (int connections = 0; connections < 2; connections++)
            {
                using Socket client = server.Accept(); // the scan's own connection is never made: this is the question's
                client.Send("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"u8);
                client.ReceiveTimeout = 500;
                try
                {
                    client.Receive(new byte[64]);
                }
                catch (SocketException)
                {
                    // the scan has heard enough
                }
            }
        }, TestContext.Current.CancellationToken);
        CommandResult told = await target.Scanner.Portcullis("scan", KnownTarget.Address, "--i-own-this", "-p", "8022", "--identify", "--json");
        Assert.Contains("\"name\": \"ssh\"", told.Output);
        Assert.Contains("\"product\": \"OpenSSH\"", told.Output);
        Assert.Contains("\"version\": \"9.2p1\"", told.Output);
        server.Dispose();
        await Assert.ThrowsAnyAsync<SocketException>(() => serving);
    }
}
