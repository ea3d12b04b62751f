using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A server of each suite whose rules are written by the programs that people use, one after the other, beside a container of Docker's.</summary>
public sealed class GeneratedBoxes : IAsyncDisposable
{
    /// <summary>The client's own addresses, and two that rules speak of or ban.</summary>
    internal const string Stranger = "10.77.0.1", Admin = "10.77.0.9", Stranger6 = "fd77::1", Admin6 = "fd77::9";

    private static readonly string[] s_sources = [Stranger, Admin, Stranger6, Admin6];

    /// <summary>What listens on every address of both versions, and what Docker publishes.</summary>
    private static readonly int[] s_ports = [21, 22, 23, 80, 7001, 8002, 8080];

    private static readonly (string State, string Commands)[] s_states =
    [
        ("bare", "true"),
        ("ufw", $"ufw default deny incoming && ufw limit 22/tcp && ufw deny from fd77::/64 to any port 80 proto tcp && ufw allow 80/tcp && ufw allow from {Admin} to any port 8002 proto tcp && ufw deny 8080 && ufw --force enable"),
        ("ufw and fail2ban", $"systemctl start fail2ban && for i in $(seq 50); do fail2ban-client ping && break; sleep 0.2; done && fail2ban-client set sshd banip {Stranger} && for i in $(seq 50); do nft list ruleset | grep -q '{Stranger}' && break; sleep 0.1; done"),
        ("firewalld", $"systemctl stop fail2ban && ufw --force disable && systemctl start firewalld && systemctl restart docker && docker start web && firewall-cmd --zone=public --add-service=http && firewall-cmd --zone=public --add-rich-rule='rule family=ipv4 source address={Admin} port port=80 protocol=tcp reject' && firewall-cmd --zone=public --add-rich-rule='rule family=ipv4 source address={Admin} port port=8002 protocol=tcp accept'"),
        ("firewalld with a policy", $"firewall-cmd --permanent --new-policy lab && firewall-cmd --permanent --policy lab --set-priority -10 && firewall-cmd --permanent --policy lab --add-ingress-zone ANY && firewall-cmd --permanent --policy lab --add-egress-zone HOST && firewall-cmd --permanent --policy lab --add-rich-rule='rule family=ipv4 source address={Admin} port port=22 protocol=tcp drop' && firewall-cmd --permanent --policy lab --add-rich-rule='rule family=ipv4 source address={Admin} port port=7001 protocol=tcp accept' && firewall-cmd --reload && systemctl restart docker && docker start web"), // Docker writes its rules anew a while after firewalld has
    ];

    private readonly List<Box> _boxes = [];
    private readonly Lazy<Dictionary<Suite, Task<Dictionary<string, GeneratedState>>>> _states;

    public GeneratedBoxes() => _states = new(() => Enum.GetValues<Suite>().ToDictionary(suite => suite, Play));

    /// <summary>The states' names, in their order.</summary>
    public static IEnumerable<string> States => s_states.Select(one => one.State);

    /// <summary>What was seen of one.</summary>
    internal async Task<GeneratedState> Seen(Suite suite, string state) => (await _states.Value[suite])[state];

    public async ValueTask DisposeAsync() => await Task.WhenAll(_boxes.Select(box => box.DisposeAsync().AsTask()));

    private async Task<Dictionary<string, GeneratedState>> Play(Suite suite)
    {
        Box box = await Box.Boot(suite);
        lock (_boxes)
        {
            _boxes.Add(box);
        }

        (await box.FromClient("ip", "addr", "add", Admin + "/24", "dev", "eth0")).MustSucceed();
        (await box.FromClient("ip", "addr", "add", Admin6 + "/64", "dev", "eth0", "nodad")).MustSucceed();
        Dictionary<string, GeneratedState> states = [];
        foreach ((string state, string commands) in s_states)
        {
            (await box.Run("bash", "-c", commands)).MustSucceed();
            states[state] = await Look(box);
        }

        return states;
    }

    private static async Task<GeneratedState> Look(Box box)
    {
        (string Source, string Address, int Port)[] tried = [.. s_ports.SelectMany(port => s_sources.Select(source => (source, source.Contains(':', StringComparison.Ordinal) ? Box.Address6 : Box.Address4, port)))];
        ImmutableHashSet<(string Source, string Address, int Port)> made = await Attempts.Made(box, tried);
        Dictionary<string, JsonElement> reaches = [];
        foreach (string source in s_sources)
        {
            reaches[source] = JsonElement.Parse((await box.Run(Box.Portcullis, "reach", "--json", "--from", source)).MustSucceed());
        }

        JsonElement audit = JsonElement.Parse((await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", "none")).MustSucceed());
        return new GeneratedState(
            [.. tried.Select(one => new Connection(one.Source, one.Port, made.Contains(one)))],
            reaches,
            [.. audit.GetProperty("firewall").GetProperty("writers").EnumerateArray().Select(writer => writer.GetProperty("name").GetString()!)],
            [.. audit.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("id").GetString()} {finding.GetProperty("subject").GetString()}")]);
    }
}
