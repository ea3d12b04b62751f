using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Tcp;

/// <summary>A client and a server with five routers between them, and two ways: A - 1 - (2 or 3) - 4 - 5 - B. Each link is a net of IPv4 and one of IPv6.</summary>
internal sealed class RoutedNetwork : IDisposable
{
    // IPv6 routers have no setting by which address they answer: it is that of the way back, which here is the way there.
    private const string Settings = """
        for n in A 1 2 3 4 5 B; do
          eval "name=\$N$n"
          ip netns exec $name sh -c 'cd /proc/sys/net/ipv4; echo 1 > ip_forward; echo 1 > icmp_errors_use_inbound_ifaddr; echo 1 > fib_multipath_hash_policy; echo 0 > conf/all/rp_filter; echo 0 > conf/default/rp_filter
            cd ../ipv6; echo 1 > conf/all/forwarding; echo 1 > fib_multipath_hash_policy; echo 0 > conf/all/accept_dad; echo 0 > conf/default/accept_dad'
        done

        """;

    // "link ONE OTHER NUMBER" joins two; "way NODE NET LINK.HOST ..." routes a net by these neighbours, balanced where there are several.
    private const string Functions = """
        set -e
        link() {
          eval "one=\$N$1; other=\$N$2"
          ip -n $one link add to$2 type veth peer name to$1 netns $other
          ip -n $one addr add 10.94.$3.1/24 dev to$2; ip -n $other addr add 10.94.$3.2/24 dev to$1
          ip -n $one addr add fd94:$3::1/64 dev to$2 nodad; ip -n $other addr add fd94:$3::2/64 dev to$1 nodad
          ip -n $one link set to$2 up; ip -n $other link set to$1 up
        }
        way() {
          eval "node=\$N$1"; net=$2; four=; six=; each=
          shift 2
          [ $# = 1 ] || each=nexthop
          for hop; do
            four="$four $each via 10.94.$hop"; six="$six $each via fd94:${hop%.*}::${hop#*.}"
          done
          ip -n $node route replace 10.94.$net.0/24 $four
          ip -n $node -6 route del fd94:$net::/64 2>/dev/null || true
          ip -n $node -6 route add fd94:$net::/64 $six
        }

        """;

    private const string Links = """
        link A 1 1; link 1 2 12; link 1 3 13; link 2 4 24; link 3 4 34; link 4 5 45; link 5 B 5
        for net in 12 13 24 34 45 5; do way A $net 1.2; done
        for net in 1 12 13 24 34 45; do way B $net 5.1; done
        for net in 1 12 13 24 34; do way 5 $net 45.1; done
        way 2 5 24.2; way 2 1 12.1; way 3 5 34.2; way 3 1 13.1
        way 4 5 45.2; way 4 12 24.1; way 4 13 34.1

        """;

    private const string BothWays = """
        way 1 5 12.2 13.2; way 4 1 24.1 34.1
        """;

    private readonly Dictionary<string, Network> _hosts;
    private readonly string _script;

    private RoutedNetwork(Dictionary<string, Network> hosts, string script)
    {
        _hosts = hosts;
        _script = script;
    }

    internal Network this[string name] => _hosts[name];

    internal static async Task<RoutedNetwork> Create()
    {
        Dictionary<string, Network> hosts = [];
        StringBuilder names = new();
        foreach (string name in (string[])["A", "1", "2", "3", "4", "5", "B"])
        {
            hosts[name] = await Network.Create();
            names.Append(CultureInfo.InvariantCulture, $"N{name}={hosts[name].Name}\n");
        }

        RoutedNetwork network = new(hosts, names + Functions);
        await network.Run(Settings + Links + BothWays);
        return network;
    }

    /// <summary>Cuts the link between routers 1 and 2: what is left is the way by 3.</summary>
    internal Task Cut() => Run("ip -n $N1 link set to2 down; way 1 5 13.2; way 4 1 34.1");

    /// <summary>Puts it back.</summary>
    internal Task Mend() => Run($"""
        ip -n $N1 link set to2 up
        ip -n $N1 -6 addr replace fd94:12::1/64 dev to2 nodad
        {BothWays}
        """);

    private async Task Run(string script) => (await Command.Run("bash", "-c", _script + script)).MustSucceed();

    public void Dispose()
    {
        foreach (Network host in _hosts.Values.Reverse())
        {
            host.Dispose();
        }
    }
}
