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

/// <summary>A published port that is only translated, and the switches by which the kernel passes packets on: what is said, and what a stranger's connection shows.</summary>
public sealed class ForwardingTests
{
    private const string Published = """
        table inet n {
         chain p {
          type nat hook prerouting priority dstnat
          ip daddr 203.0.113.7 tcp dport 8080 dnat ip to 172.29.78.2:80
          ip6 daddr 2001:db8::7 tcp dport 8080 dnat ip6 to [fd78::2]:80
         }
        }

        """;

    private const string Setup = """
        set -e
        ip -n HOST link add eth0 type veth peer name eth0 netns CLIENT
        ip -n HOST link add docker0 type veth peer name eth0 netns GUEST
        for i in HOST CLIENT GUEST; do ip netns exec $i sh -c 'for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 >$f; done'; done
        for i in HOST/eth0 HOST/docker0 CLIENT/eth0 GUEST/eth0; do ip -n ${i%/*} link set ${i#*/} up; done
        ip -n HOST addr add 203.0.113.7/24 dev eth0
        ip -n HOST addr add 2001:db8::7/64 dev eth0 nodad
        ip -n HOST addr add 172.29.78.1/24 dev docker0
        ip -n HOST addr add fd78::1/64 dev docker0 nodad
        ip -n CLIENT addr add 203.0.113.1/24 dev eth0
        ip -n CLIENT addr add 2001:db8::1/64 dev eth0 nodad
        ip -n GUEST addr add 172.29.78.2/24 dev eth0
        ip -n GUEST addr add fd78::2/64 dev eth0 nodad
        ip -n GUEST route add default via 172.29.78.1
        ip -n GUEST -6 route add default via fd78::1
        """;

    [Theory]
    [InlineData("ipv4/ip_forward=1", null)]
    [InlineData("ipv4/ip_forward=0", "forwarding is off (net.ipv4.conf.eth0.forwarding = 0)")]
    [InlineData("ipv4/ip_forward=1 ipv4/conf/eth0/forwarding=0", "forwarding is off (net.ipv4.conf.eth0.forwarding = 0)")]
    [InlineData("ipv4/ip_forward=0 ipv4/conf/eth0/forwarding=1", "docker0")] // answers don't come back, but what was asked gets there
    [InlineData("ipv6/conf/all/forwarding=1", null)]
    [InlineData("ipv6/conf/all/forwarding=0", "forwarding is off (net.ipv6.conf.all.forwarding = 0)")]
    [InlineData("ipv6/conf/all/forwarding=1 ipv6/conf/eth0/forwarding=0 ipv6/conf/docker0/forwarding=0", null)]
    [InlineData("ipv6/conf/all/forwarding=0 ipv6/conf/eth0/forwarding=1 ipv6/conf/docker0/forwarding=1", "forwarding is off (net.ipv6.conf.all.forwarding = 0)")]
    [InlineData("ipv6/conf/all/forwarding=0 ipv6/conf/eth0/force_forwarding=1 ipv6/conf/docker0/force_forwarding=1", null)] // since Linux 6.17
    public async Task Translated_port_is_passed_on_where_the_kernel_passes_packets_on(string switches, string? blocker)
    {
        using Network host = await Network.Create();
        using Network client = await Network.Create();
        using Network guest = await Network.Create();
        string script = Setup.Replace("HOST", host.Name, StringComparison.Ordinal).Replace("CLIENT", client.Name, StringComparison.Ordinal).Replace("GUEST", guest.Name, StringComparison.Ordinal);
        (await Command.Run("bash", "-c", script)).MustSucceed();
        foreach (string one in switches.Split(' '))
        {
            (await host.Run("sh", "-c", $"echo {one.Split('=')[1]} >/proc/sys/net/{one.Split('=')[0]}")).MustSucceed();
        }

        await host.Load(Published);
        bool isV4 = switches.StartsWith("ipv4", StringComparison.Ordinal);
        using Socket listener = guest.Do(() => Listen(isV4));
        bool isOneWay = blocker == "docker0";

        CommandResult reach = await host.Portcullis("reach", "8080/tcp", "--from", isV4 ? "203.0.113.1" : "2001:db8::1", "--json");
        (string Verdict, string? By)[] answers = [.. JsonDocument.Parse(reach.Output).RootElement.GetProperty("answers").EnumerateArray()
            .Where(answer => answer.GetProperty("interface").GetString() is null or "eth0" && (answer.GetProperty("to").GetString()!.Contains(isV4 ? "172.29.78.2" : "fd78::2", StringComparison.Ordinal) || blocker is not null))
            .Select(answer => (answer.GetProperty("verdict").GetString()!, answer.GetProperty("by").GetString()))];
        bool isReachable = blocker is null || isOneWay;
        Assert.Contains(answers, answer => answer.Verdict == (isReachable ? "reachable" : "blocked") && (isReachable || answer.By == blocker));
        Assert.Equal(blocker is null, await Connects(client, isV4 ? "203.0.113.7" : "2001:db8::7"));
        Assert.Equal(isReachable, Heard(guest));

        CommandResult walk = await host.Portcullis("reach", "8080/tcp", "--from", isV4 ? "203.0.113.1" : "2001:db8::1", "--explain");
        Assert.Equal(isReachable, !walk.Output.Contains("forwarding is off", StringComparison.Ordinal));
    }

    private static Socket Listen(bool isV4)
    {
        Socket socket = new(isV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(isV4 ? IPAddress.Any : IPAddress.IPv6Any, 80));
        socket.Listen(8);
        return socket;
    }

    private static async Task<bool> Connects(Network client, string address)
    {
        string family = address.Contains(':', StringComparison.Ordinal) ? "AF_INET6" : "AF_INET";
        string code = string.Create(CultureInfo.InvariantCulture, $"import socket; s = socket.socket(socket.{family}); s.settimeout(0.7); s.connect(('{address}', 8080))");
        return (await client.Run("python3", "-c", code)).ExitCode == 0;
    }

    /// <summary>Whether the guest has seen a TCP segment: InSegs of RFC 4022, which counts both versions.</summary>
    private static bool Heard(Network guest) => guest.Do(() =>
    {
        string[][] rows = [.. System.IO.File.ReadAllLines("/proc/thread-self/net/snmp").Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        return rows[1][Array.IndexOf(rows[0], "InSegs")] != "0";
    });
}
