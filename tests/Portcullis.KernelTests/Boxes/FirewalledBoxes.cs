using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A server of each suite on which one firewall after the other is switched on, off and out of its rules by the tools of its own.</summary>
public sealed class FirewalledBoxes : IAsyncDisposable
{
    /// <summary>Each state with the commands that lead to it from the one before.</summary>
    private static readonly (string State, string Commands)[] s_states =
    [
        ("bare", "true"),
        ("ufw", "ufw allow 22/tcp && ufw --force enable"),
        ("ufw for nobody", "ufw allow 8443/tcp"),
        ("ufw for somebody", "systemd-run --quiet --unit=late python3 -m http.server 8443 && for i in $(seq 50); do ss -ltn | grep -q ':8443 ' && break; sleep 0.1; done"),
        ("ufw denies too late", "ufw deny proto tcp from 203.0.113.0/24 to any port 22"),
        ("ufw denies first", "ufw delete deny proto tcp from 203.0.113.0/24 to any port 22 && ufw insert 1 deny proto tcp from 203.0.113.0/24 to any port 22"),
        ("ufw allows", "ufw delete deny proto tcp from 203.0.113.0/24 to any port 22 && ufw default allow incoming"),
        ("ufw flushed", "ufw default deny incoming && for f in iptables ip6tables; do $f -P INPUT ACCEPT && $f -F && $f -X; done"),
        ("by hand", "ufw --force disable && " + Write + "/run/own.nft && nft -f /run/own.nft"),
        ("nftables", Write + "/etc/nftables.conf && systemctl enable --now nftables"),
        ("nftables and ufw", "ufw --force enable"),
        ("nftables and ufw of the older iptables", "ufw --force disable && " + Backend + "legacy; done && ufw --force enable"),
        ("ufw of the older iptables", "systemctl disable --now nftables"),
        ("ufw and own rules of the older iptables", "iptables -I INPUT -p tcp --dport 22 -j DROP"),
        ("nftables stopped", "iptables -D INPUT -p tcp --dport 22 -j DROP; ufw --force disable && for f in iptables ip6tables; do $f -P INPUT ACCEPT && $f -F && $f -X; done && " + Backend + "nft; done && systemctl enable nftables"),
        ("nftables as delivered", "printf 'flush ruleset\\ntable inet filter {\\nchain input {\\ntype filter hook input priority filter;\\n}\\n}\\n' >/etc/nftables.conf && systemctl start nftables"),
        ("firewalld not enabled", "systemctl disable --now nftables && systemctl start firewalld && firewall-cmd --state"),
        ("firewalld", "systemctl enable firewalld"),
        ("firewalld and ufw", "ufw --force enable"),
    ];

    private const string Backend = "for f in iptables ip6tables; do update-alternatives --quiet --set $f /usr/sbin/$f-";

    private const string Write = "printf 'flush ruleset\\ntable inet own {\\nchain input {\\ntype filter hook input priority filter; policy drop;\\nct state established,related accept\\niif lo accept\\ntcp dport 22 accept\\n}\\n}\\n' >";

    private readonly List<Box> _boxes = [];
    private readonly Lazy<Dictionary<Suite, Task<IReadOnlyDictionary<string, ReportedAudit>>>> _audits;

    public FirewalledBoxes() => _audits = new(() => Enum.GetValues<Suite>().ToDictionary(suite => suite, Play));

    /// <summary>What the audit said of each state.</summary>
    public Task<IReadOnlyDictionary<string, ReportedAudit>> Audits(Suite suite) => _audits.Value[suite];

    public async ValueTask DisposeAsync() => await Task.WhenAll(_boxes.Select(box => box.DisposeAsync().AsTask()));

    private async Task<IReadOnlyDictionary<string, ReportedAudit>> Play(Suite suite)
    {
        Box box = await Box.Boot(suite);
        lock (_boxes)
        {
            _boxes.Add(box);
        }

        Dictionary<string, ReportedAudit> audits = [];
        foreach ((string state, string commands) in s_states)
        {
            (await box.Run("bash", "-c", commands)).MustSucceed();
            audits[state] = ReportedAudit.Parse(await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", "none"));
        }

        return audits;
    }
}
