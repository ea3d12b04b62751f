using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Rulesets;
using Portcullis.KernelTests.Lab;
using Portcullis.Os.Linux.Rules;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Firewall;

/// <summary>
/// A namespace with a firewall, another from which packets are sent to it, and a network behind it. Chains behind all others keep the number of
/// each packet that came through, and drop it there, so that no connection is ever known and each packet is a first one.
/// </summary>
internal sealed partial class FirewalledHost : IDisposable
{
    /// <summary>The table that keeps what came through.</summary>
    internal const string Observer = "zz_observer";

    private const string Observing = """
        flush ruleset
        table inet zz_observer {
          set seen4 { typeof ip id; size 65535; flags dynamic; }
          set seen6 { typeof ip6 flowlabel; size 65535; flags dynamic; }
          chain see {
            add @seen4 { ip id } drop
            add @seen6 { ip6 flowlabel } drop
          }
          chain arrived { type filter hook prerouting priority -450; counter; }
          chain in { type filter hook input priority 300; goto see; }
          chain post { type filter hook postrouting priority 300; iifname "eth0" goto see; }
        }

        """;

    private const string Setup = """
        set -e
        ip -n SENDER link set lo up
        ip -n HOST link add eth0 address 02:00:00:00:00:01 type veth peer name out0 address 02:00:00:00:00:02 netns SENDER
        ip netns exec SENDER sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/out0/disable_ipv6'
        ip netns exec HOST sh -c 'cd /proc/sys/net; for i in all default eth0; do echo 0 > ipv4/conf/$i/rp_filter; echo 0 > ipv4/conf/$i/send_redirects; echo 0 > ipv6/conf/$i/accept_dad; done; echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding'
        ip -n SENDER link set out0 up
        ip -n HOST link set eth0 up
        ip -n HOST link add docker0 type veth peer name inner0 netns SENDER
        ip netns exec SENDER sh -c 'echo 1 > /proc/sys/net/ipv6/conf/inner0/disable_ipv6'
        ip -n SENDER link set inner0 up
        ip -n HOST link set docker0 up
        ip -n HOST addr add 10.0.0.1/32 dev eth0
        ip -n HOST addr add 10.0.0.2/32 dev eth0
        ip -n HOST addr add 172.17.0.1/16 dev docker0
        ip -n HOST -6 addr add fd00::1/128 dev eth0 nodad
        ip -n HOST -6 addr add fd00:0:0:1::/128 dev eth0 nodad
        ip -n HOST -6 addr add fd17::1/64 dev docker0 nodad
        for i in 172.17.0.2 172.17.0.3 fd17::2 fd17::3; do ip -n HOST neigh add $i lladdr 02:00:00:00:00:02 dev docker0 nud permanent; done
        ip -n HOST neigh add 10.0.0.254 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
        ip -n HOST neigh add fe80::fe lladdr 02:00:00:00:00:02 dev eth0 nud permanent
        """;

    private const string RoutesToAll = """

        ip -n HOST route add default via 10.0.0.254 dev eth0 onlink
        ip -n HOST -6 route add default via fe80::fe dev eth0
        """;

    private const string RoutesToSome = """

        ip -n HOST route add 10.1.0.0/24 via 10.0.0.254 dev eth0 onlink
        ip -n HOST -6 route add fd01::/64 via fe80::fe dev eth0
        """;

    private static readonly string Nothing = string.Concat(((string[])["raw", "mangle", "nat", "filter", "security"]).Select(table => $"*{table}\nCOMMIT\n"));

    private readonly Network _host;
    private readonly Network _sender;
    private readonly PacketSocket _socket;

    private FirewalledHost(Network host, Network sender, PacketSocket socket, ImmutableArray<NetworkInterface> interfaces, bool leadsEverywhere)
    {
        _host = host;
        _sender = sender;
        _socket = socket;
        Interfaces = interfaces;
        NetworkInterface eth = interfaces.First(one => one.Name == "eth0");
        int docker = interfaces.First(one => one.Name == "docker0").Index;
        Routes =
        [
            leadsEverywhere ? new NetworkRoute(IpAddress.AnyV4, 0, eth.Index) : new NetworkRoute(IpAddress.Parse("10.1.0.0"), 24, eth.Index), new NetworkRoute(IpAddress.Parse("172.17.0.0"), 16, docker),
            leadsEverywhere ? new NetworkRoute(IpAddress.AnyV6, 0, eth.Index) : new NetworkRoute(IpAddress.Parse("fd01::"), 64, eth.Index), new NetworkRoute(IpAddress.Parse("fd17::"), 64, docker),
        ];
    }

    internal ImmutableArray<NetworkInterface> Interfaces { get; }

    internal ImmutableArray<NetworkRoute> Routes { get; }

    /// <summary>Makes one.</summary>
    /// <param name="leadsEverywhere">Whether it has default routes; else few sources are such that it could answer them.</param>
    internal static async Task<FirewalledHost> Create(bool leadsEverywhere = true)
    {
        Network host = await Network.Create();
        Network sender = await Network.Create();
        string script = (Setup + (leadsEverywhere ? RoutesToAll : RoutesToSome)).Replace("HOST", host.Name, StringComparison.Ordinal).Replace("SENDER", sender.Name, StringComparison.Ordinal);
        (await Command.Run("bash", "-c", script)).MustSucceed();
        PacketSocket socket = sender.Do(() => new PacketSocket(Ask(door => InterfaceTable.Read(door, [])).First(one => one.Name == "out0").Index));
        ImmutableArray<NetworkInterface> interfaces = host.Do(() => Ask(door => InterfaceTable.Read(door, [])));
        return new FirewalledHost(host, sender, socket, interfaces, leadsEverywhere);
    }

    /// <summary>How packets of a protocol come to it.</summary>
    internal Arrival ArrivalOf(IpVersion version, byte protocol, bool isBehind) => new()
    {
        Onward = isBehind ? Interfaces.First(one => one.Name == "docker0") : null,
        Version = version,
        Protocol = protocol,
        Interface = Interfaces.First(one => one.Name == "eth0"),
        Interfaces = Interfaces,
        Routes = [.. Routes.Where(route => route.Prefix.Version == version)],
    };

    /// <summary>Loads rules, those left out that nft or the kernel refuses; tells what was loaded, and how many lines were not.</summary>
    internal async Task<(string Rules, int LeftOut)> Load(string rules)
    {
        List<string> lines = [.. (Observing + rules).Split('\n')];
        for (int leftOut = 0; ;)
        {
            if (await Try(string.Join('\n', lines)) is not string refusal)
            {
                return (string.Join('\n', lines), leftOut);
            }

            int[] wrong = [.. Place().Matches(refusal).Select(match => int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture) - 1).Distinct().OrderDescending()];
            if (wrong.Length == 0 || leftOut > 100 || wrong[^1] < Observing.Split('\n').Length - 1)
            {
                throw new LabException($"nft refuses:\n{refusal}\n{rules}");
            }

            foreach (int line in wrong)
            {
                lines.RemoveAt(line);
                leftOut++;
            }
        }
    }

    [GeneratedRegex(@"\.tmp:(?<line>\d+):", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    private async Task<string?> Try(string rules)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, rules);
            CommandResult loaded = await _host.Run("nft", "-f", file);
            return loaded.ExitCode == 0 ? null : loaded.Error;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Loads rules of the older iptables, beside nothing of nft's but what observes.</summary>
    internal async Task LoadLegacy(string save4, string save6)
    {
        await Load("");
        await LoadBy(["iptables-legacy-restore"], save4);
        await LoadBy(["ip6tables-legacy-restore"], save6);
    }

    /// <summary>Loads rules of iptables that look sets of ipset up, by nf_tables or by the older iptables.</summary>
    internal async Task LoadWithSets(string sets, string save4, string save6, bool isLegacy)
    {
        await LoadLegacy(Nothing, Nothing);
        (await _host.Run("ipset", "flush")).MustSucceed(); // lists hold on to their members

        // nf_tables lets go of what removed rules used a while later.
        for (int attempt = 0; (await _host.Run("ipset", "destroy")) is { ExitCode: not 0 } refused; attempt++)
        {
            _ = attempt < 100 ? "" : throw new LabException($"ipset refuses:\n{refused.Error}");
            await Task.Delay(20);
        }

        await LoadBy(["ipset", "restore", "-exist", "-file"], sets);
        string kind = isLegacy ? "legacy" : "nft";
        await LoadBy([$"iptables-{kind}-restore"], save4);
        await LoadBy([$"ip6tables-{kind}-restore"], save6);
    }

    private async Task LoadBy(string[] command, string text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            CommandResult loaded = await _host.Run(command[0], [.. command[1..], file]);
            _ = loaded.ExitCode == 0 ? "" : throw new LabException($"{command[0]} refuses:\n{loaded.Error}\n{text}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Loads rules by a program, such as "nft -f FILE".</summary>
    internal async Task LoadBy(string[] command) => (await _host.Run(command[0], command[1..])).MustSucceed();

    /// <summary>The rules as nft lists them, in JSON; null where nft itself ends in the midst of it.</summary>
    internal async Task<string?> List()
    {
        CommandResult listed = await _host.Run("nft", "-j", "-n", "list", "ruleset");
        return listed.ExitCode >= 128 ? null : listed.MustSucceed();
    }

    /// <summary>The rules as Portcullis reads them, those that observe left out.</summary>
    internal Ruleset Read()
    {
        Ruleset all = _host.Do(ReadAll);
        return all with { Tables = [.. all.Tables.Where(table => table.Name != Observer)] };
    }

    /// <summary>Sends packets, and tells which came through; at most 65,535.</summary>
    internal bool[] Send(IReadOnlyList<ProbePacket> packets)
    {
        byte[] frame = new byte[128];
        for (int at = 0; at < packets.Count; at++)
        {
            int length = Frame.Write(frame, packets[at], at + 1);
            _socket.Send(frame.AsSpan(0, length));
        }

        Thread.Sleep(20); // the last ones are on their way
        bool[] seen = new bool[packets.Count];
        Ruleset all = _host.Do(ReadAll);
        foreach (FirewallSet set in all.Tables.First(table => table.Name == Observer).Sets)
        {
            bool isV4 = set.Name == "seen4";
            for (int at = 0; at < set.Count; at++)
            {
                ReadOnlySpan<byte> key = set.Keys.AsSpan(2 * at * set.KeyLength, set.KeyLength);
                int number = isV4 ? (key[0] << 8) | key[1] : (key[0] << 16) | (key[1] << 8) | key[2];
                if (number > 0 && number <= seen.Length && packets[number - 1].IsV4 == isV4)
                {
                    seen[number - 1] = true;
                }
            }
        }

        return seen;
    }

    /// <summary>How many packets have arrived since the rules were loaded.</summary>
    internal async Task<int> Arrived()
    {
        string listed = (await _host.Run("nft", "list", "chain", "inet", Observer, "arrived")).MustSucceed();
        string[] words = listed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(words[Array.IndexOf(words, "packets") + 1], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _sender.Dispose();
        _host.Dispose();
    }

    private static Ruleset ReadAll()
    {
        RulesetDump dump = Ask(RuleTables.Read).Dump!;
        Ruleset ruleset = DumpedRuleset.Decode(dump, out Ruleset legacy);
        return ruleset with { Tables = [.. ruleset.Tables, .. legacy.Tables] };
    }

    private static T Ask<T>(Func<INetworkDoor, T> ask)
    {
        T? answer = default;
        int error = new LiveNetworkSource().Visit(new NamespaceHandle(0, null), door => answer = ask(door));
        return error == 0 ? answer! : throw new LabException($"the namespace cannot be asked: error {error}");
    }
}
