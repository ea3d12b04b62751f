using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>Who reaches a listener behind the host, as the whole program tells it and as a stranger's connections show.</summary>
public sealed class GuestExposureTests
{
    private const string Published = """
        table ip n {
         chain p {
          type nat hook prerouting priority dstnat
          fib daddr type local tcp dport 8080 dnat to 172.29.77.2:80
         }
        }

        """;

    private const string Dropping = """
        table inet f {
         chain f {
          type filter hook forward priority filter; policy drop
          ct state established,related accept
          EXTRA
         }
        }

        """;

    [Theory]
    [InlineData("", "", "reachable where routers send 172.29.77.2 to this host", true, false)]
    [InlineData("", "udp dport 1 accept", "blocked", false, false)]
    [InlineData(Published, "ct status dnat accept", "reachable by port 8080 of this host", false, true)]
    [InlineData(Published, "udp dport 1 accept", "blocked", false, false)]
    [InlineData("", "ip saddr 203.0.113.1 tcp dport 80 accept", "reachable 203.0.113.1, where routers send 172.29.77.2 to this host", true, false)]
    [InlineData("", "ip saddr 203.0.113.2 tcp dport 80 accept", "reachable 203.0.113.2, where routers send 172.29.77.2 to this host", false, false)]
    public async Task Listener_behind_the_host_is_reached_by_those_that_are_said_to(string more, string extra, string expected, bool straight, bool published)
    {
        using Machines machines = await Machines.Create();
        if (more.Length + extra.Length > 0)
        {
            await machines.Host.Load(more + Dropping.Replace("EXTRA", extra, StringComparison.Ordinal));
        }

        using Socket listener = machines.Listen("0.0.0.0");
        Assert.Equal(expected, await machines.Internet());
        Assert.Equal(straight, await machines.Connects("172.29.77.2", 80));
        Assert.Equal(published, await machines.Connects("203.0.113.7", 8080));
    }

    [Fact]
    public async Task Translated_target_is_told_by_its_name()
    {
        using Machines machines = await Machines.Create();
        await machines.Host.Load(Published);
        CommandResult reach = await machines.Host.Portcullis("reach", "8080/tcp", "--from", "203.0.113.1", "--json");
        Assert.Contains($"\"to\": \"172.29.77.2:80 (network namespace {machines.Guest.Name})\"", reach.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy drop", "blocked", false)]
    [InlineData("policy accept", "reachable where routers send 172.29.77.2 to this host", true)]
    public async Task Rules_inside_count_too(string policy, string expected, bool straight)
    {
        using Machines machines = await Machines.Create();
        await machines.Guest.Load($"table inet g {{\n chain i {{\n type filter hook input priority 0; {policy}\n }}\n}}\n");

        using Socket listener = machines.Listen("0.0.0.0");
        Assert.Equal(expected, await machines.Internet());
        Assert.Equal(straight, await machines.Connects("172.29.77.2", 80));
    }

    [Fact]
    public async Task Loopback_inside_is_nobody_elses()
    {
        using Machines machines = await Machines.Create();
        using Socket listener = machines.Listen("127.0.0.1");
        Assert.Equal("blocked", await machines.Internet());
    }

    /// <summary>A stranger, a host that passes packets on, and a guest behind it.</summary>
    private sealed class Machines : IDisposable
    {
        private const string Setup = """
            set -e
            ip -n HOST link add eth0 type veth peer name eth0 netns CLIENT
            ip -n HOST addr add 203.0.113.7/24 dev eth0
            ip -n CLIENT addr add 203.0.113.1/24 dev eth0
            ip -n HOST link add docker0 type bridge
            ip -n HOST addr add 172.29.77.1/24 dev docker0
            ip -n HOST link add v0 master docker0 type veth peer name eth0 netns GUEST
            ip -n GUEST addr add 172.29.77.2/24 dev eth0
            for i in HOST/eth0 HOST/docker0 HOST/v0 CLIENT/eth0 GUEST/eth0; do ip -n ${i%/*} link set ${i#*/} up; done
            ip -n CLIENT route add 172.29.77.0/24 via 203.0.113.7
            ip -n GUEST route add default via 172.29.77.1
            ip -n HOST route add default via 203.0.113.1
            ip netns exec HOST sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
            """;

        private readonly Network _client;

        private Machines(Network client, Network host, Network guest)
        {
            _client = client;
            Host = host;
            Guest = guest;
        }

        internal Network Host { get; }

        internal Network Guest { get; }

        internal static async Task<Machines> Create()
        {
            Machines made = new(await Network.Create(), await Network.Create(), await Network.Create());
            string script = Setup.Replace("HOST", made.Host.Name, StringComparison.Ordinal).Replace("CLIENT", made._client.Name, StringComparison.Ordinal).Replace("GUEST", made.Guest.Name, StringComparison.Ordinal);
            (await Command.Run("bash", "-c", script)).MustSucceed();
            return made;
        }

        internal Socket Listen(string address) => Guest.Do(() =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 80));
            socket.Listen(8);
            return socket;
        });

        /// <summary>What is said of strangers and the guest's listener.</summary>
        internal async Task<string> Internet()
        {
            CommandResult audit = await Host.Portcullis("audit", "--json");
            using JsonDocument document = JsonDocument.Parse(audit.Output);
            JsonElement listener = document.RootElement.GetProperty("listeners").EnumerateArray().Single(one => one.GetProperty("namespace").GetString() == Guest.Name);
            JsonElement exposure = listener.GetProperty("exposure").EnumerateArray().Single(one => one.GetProperty("zone").GetString() == "internet");
            return $"{exposure.GetProperty("verdict").GetString()} {exposure.GetProperty("part").GetString()}".TrimEnd();
        }

        internal async Task<bool> Connects(string address, int port)
        {
            string code = string.Create(CultureInfo.InvariantCulture, $"import socket; s = socket.socket(); s.settimeout(0.7); s.connect(('{address}', {port}))");
            return (await _client.Run("python3", "-c", code)).ExitCode == 0;
        }

        public void Dispose()
        {
            Guest.Dispose();
            Host.Dispose();
            _client.Dispose();
        }
    }
}
