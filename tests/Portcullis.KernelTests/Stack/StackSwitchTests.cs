using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;
using Portcullis.KernelTests.Scenes;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Portcullis.Os.Linux.Stack;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Stack;

/// <summary>The real kernel's switches, in a namespace of the test's own.</summary>
public sealed class StackSwitchTests
{
    [Fact]
    public async Task Every_switch_is_as_proc_sys_tells_it()
    {
        using Network network = await WithInterfaces(3);
        await Set(network, "ipv4/conf/pct1/rp_filter=2", "ipv4/conf/pct2.7/log_martians=1", "ipv6/conf/pct3/accept_ra=2", "ipv6/conf/pct3/accept_source_route=-1", "ipv6/conf/pct1/disable_ipv6=1");

        network.Do(() =>
        {
            StackInventory stack = Read();

            Assert.Empty(stack.Gaps);
            foreach (StackSetting one in stack.Settings!.Value)
            {
                string path = "/proc/sys/" + string.Concat(one.Name.Select(letter => letter switch { '.' => '/', '/' => '.', _ => letter }));
                Assert.Equal($"{one.Name} {File.ReadAllText(path).Trim().Replace('\t', ' ')}", $"{one.Name} {one.Value}");
            }

            // The whole stack's six, and twelve for all, default, lo and four more.
            Assert.Equal(6 + (12 * 7), stack.Settings.Value.Length);
        });
    }

    [Theory]
    [Scene("PC4001", "ipv4/tcp_syncookies=0", "ipv4/tcp_syncookies=1")]
    [Scene("PC4002", "ipv4/conf/all/rp_filter=0", "ipv4/conf/all/rp_filter=2")]
    [Scene("PC4003", "ipv4/conf/pct1/accept_redirects=1", "ipv4/conf/pct1/accept_redirects=0")]
    [Scene("PC4004", "ipv4/ip_forward=1 ipv4/conf/pct1/send_redirects=1", "ipv4/conf/pct1/send_redirects=0")]
    [Scene("PC4004", "ipv4/conf/all/send_redirects=1 ipv4/ip_forward=1", "ipv4/ip_forward=0")]
    [Scene("PC4005", "ipv4/conf/all/accept_source_route=1", "ipv4/conf/all/accept_source_route=0")]
    [Scene("PC4006", "ipv6/conf/pct1/accept_ra=1", "ipv6/conf/pct1/accept_ra=0")]
    [Scene("PC4007", "ipv4/ip_forward=1", "ipv4/ip_forward=0")]
    [Scene("PC4008", "ipv4/conf/all/log_martians=0", "ipv4/conf/all/log_martians=1")]
    [Scene("PC4009", "ipv4/tcp_timestamps=2", "ipv4/tcp_timestamps=1")]
    [Scene("PC4011", "ipv4/icmp_echo_ignore_broadcasts=0", "ipv4/icmp_echo_ignore_broadcasts=1")]
    public async Task Switch_raises_its_finding_and_the_near_value_none(string id, string amiss, string well)
    {
        using Network network = await WithInterfaces(1);
        await Set(
            network, "ipv4/conf/pct1/rp_filter=0", "ipv4/conf/all/accept_redirects=0", "ipv4/conf/pct1/accept_redirects=0", "ipv6/conf/pct1/accept_redirects=0",
            "ipv4/conf/pct1/accept_source_route=1", "ipv4/conf/pct1/log_martians=0", "ipv4/conf/all/send_redirects=0", "ipv4/conf/pct1/send_redirects=0");
        await network.Run("ip", "link", "delete", "pct2.7");

        await Set(network, amiss.Split(' '));
        ImmutableArray<string> raised = network.Do(Findings);

        await Set(network, well.Split(' '));
        ScenesAreProvedAttribute.Prove(id, raised, network.Do(Findings));
    }

    [Fact]
    public async Task Fifty_interfaces_are_all_read()
    {
        using Network network = await WithInterfaces(50);
        network.Do(() =>
        {
            StackInventory stack = Read();

            // The whole stack's six, and twelve for all, default, lo and a hundred and one more.
            Assert.Empty(stack.Gaps);
            Assert.Equal(6 + (12 * (3 + 51)), stack.Settings!.Value.Length);
        });
    }

    private static StackInventory Read() => new LinuxStack(new LiveSource(), new LiveNetworkSource()).Read();

    private static ImmutableArray<string> Findings()
    {
        List<Gap> gaps = [];
        ImmutableArray<NetworkInterface> interfaces = [];
        new LiveNetworkSource().Visit(new NamespaceHandle(1, null), door => interfaces = InterfaceTable.Read(door, gaps));
        Snapshot snapshot = new()
        {
            Schema = Snapshot.SchemaName,
            TakenAt = DateTimeOffset.UnixEpoch,
            Host = new HostFacts { Name = null, Os = null, Kernel = null },
            Namespaces = [new NetworkNamespace { Inode = 1, Name = NetworkNamespace.HostName, Inspected = true, Interfaces = interfaces, Stack = Read().Settings }],
            Sockets = [],
            Gaps = [],
        };
        return [.. Judge.Of(snapshot, null, new RoleCatalogue([])).Findings.Select(finding => finding.Id)];
    }

    /// <summary>A namespace with that many interfaces and one whose name has a dot, all up.</summary>
    private static async Task<Network> WithInterfaces(int count)
    {
        Network network = await Network.Create();
        string commands = string.Join('\n', Enumerable.Range(1, count).Select(number => $"link add pct{number} type bridge\nlink set pct{number} up")) + "\nlink add pct2.7 type bridge\nlink set pct2.7 up\n";
        try
        {
            (await network.Run("sh", "-c", $"printf '%s' '{commands}' | ip -batch -")).MustSucceed();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static async Task Set(Network network, params string[] values)
    {
        foreach (string[] pair in values.Select(value => value.Split('=')))
        {
            (await network.Run("sh", "-c", $"echo {pair[1]} >/proc/sys/net/{pair[0]}")).MustSucceed();
        }
    }
}
