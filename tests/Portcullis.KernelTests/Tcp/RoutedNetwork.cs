using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Tcp;

/// <summary>A client and a server with five routers between them, and two ways: A - 1 - (2 or 3) - 4 - 5 - B.</summary>
internal sealed class RoutedNetwork : IDisposable
{
    private const string Setup = """
        set -e
        for n in A 1 2 3 4 5 B; do
          eval "name=\$N$n"
          ip netns exec $name sh -c 'cd /proc/sys/net/ipv4; echo 1 > ip_forward; echo 1 > icmp_errors_use_inbound_ifaddr; echo 1 > fib_multipath_hash_policy; echo 0 > conf/all/rp_filter; echo 0 > conf/default/rp_filter'
        done
        link() {
          eval "one=\$N$1; other=\$N$2"
          ip -n $one link add to$2 type veth peer name to$1 netns $other
          ip -n $one addr add $3.1/24 dev to$2; ip -n $other addr add $3.2/24 dev to$1
          ip -n $one link set to$2 up; ip -n $other link set to$1 up
        }
        link A 1 10.94.1; link 1 2 10.94.12; link 1 3 10.94.13; link 2 4 10.94.24; link 3 4 10.94.34; link 4 5 10.94.45; link 5 B 10.94.5
        ip -n $NA route add default via 10.94.1.2
        ip -n $NB route add default via 10.94.5.1
        ip -n $N1 route add 10.94.5.0/24 nexthop via 10.94.12.2 nexthop via 10.94.13.2
        ip -n $N2 route add 10.94.5.0/24 via 10.94.24.2; ip -n $N2 route add 10.94.1.0/24 via 10.94.12.1
        ip -n $N3 route add 10.94.5.0/24 via 10.94.34.2; ip -n $N3 route add 10.94.1.0/24 via 10.94.13.1
        ip -n $N4 route add 10.94.5.0/24 via 10.94.45.2; ip -n $N4 route add 10.94.1.0/24 nexthop via 10.94.24.1 nexthop via 10.94.34.1
        ip -n $N4 route add 10.94.12.0/24 via 10.94.24.1; ip -n $N4 route add 10.94.13.0/24 via 10.94.34.1
        ip -n $N5 route add default via 10.94.45.1
        """;

    private readonly Dictionary<string, Network> _hosts;

    private RoutedNetwork(Dictionary<string, Network> hosts) => _hosts = hosts;

    internal Network this[string name] => _hosts[name];

    internal static async Task<RoutedNetwork> Create()
    {
        Dictionary<string, Network> hosts = [];
        StringBuilder names = new();
        foreach (string name in (string[])["A", "1", "2", "3", "4", "5", "B"])
        {
            hosts[name] = await Network.Create();
            names.Append(System.Globalization.CultureInfo.InvariantCulture, $"N{name}={hosts[name].Name}\n");
        }

        (await Command.Run("bash", "-c", names + Setup)).MustSucceed();
        return new RoutedNetwork(hosts);
    }

    /// <summary>Cuts the link between routers 1 and 2: what is left is the way by 3.</summary>
    internal async Task Cut()
    {
        (await Command.Run("ip", "-n", this["1"].Name, "link", "set", "to2", "down")).MustSucceed();
        (await Command.Run("ip", "-n", this["1"].Name, "route", "replace", "10.94.5.0/24", "via", "10.94.13.2")).MustSucceed();
        (await Command.Run("ip", "-n", this["4"].Name, "route", "replace", "10.94.1.0/24", "via", "10.94.34.1")).MustSucceed();
    }

    public void Dispose()
    {
        foreach (Network host in _hosts.Values.Reverse())
        {
            host.Dispose();
        }
    }
}
