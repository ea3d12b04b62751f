using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>
/// Recognises who wrote which chains of a ruleset, by the names that programs give them. What nobody known wrote is the owner's. A name
/// proves nothing: the owner may use any.
/// </summary>
internal static class RuleWriters
{
    /// <summary>What the owner's own rules are called.</summary>
    internal const string OwnRules = "own rules";

    /// <summary>The chains that iptables makes by itself (iptables(8), "TABLES"), so that they are nobody's.</summary>
    private static readonly HashSet<string> BuiltIn = new(StringComparer.Ordinal) { "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" };

    private static readonly ImmutableArray<KnownWriter> Known =
    [
        // ufw: chains_prefix in src/backend_iptables.py
        new("ufw", RuleWriterKind.Firewall, ["ufw-", "ufw6-"], []),

        // firewalld: TABLE_NAME in src/firewall/core/nftables.py; the chains of the older way in src/firewall/core/ipXtables.py
        new("firewalld", RuleWriterKind.Firewall, ["INPUT_ZONES", "INPUT_direct", "FORWARD_ZONES", "FORWARD_IN_ZONES", "FORWARD_OUT_ZONES", "FORWARD_direct", "PREROUTING_ZONES", "PREROUTING_direct", "POSTROUTING_ZONES", "POSTROUTING_direct"], ["firewalld", "firewalld_*"]),
        new("foomuuri", RuleWriterKind.Firewall, [], ["foomuuri"]),
        new("shorewall", RuleWriterKind.Firewall, ["shorewall", "smurfs", "logflags"], []), // chains that every configuration has (Shorewall::Chains)
        new("nixos-fw", RuleWriterKind.Firewall, ["nixos-fw"], ["nixos-fw"]), // nixos/modules/services/networking/firewall-iptables.nix
        new("fw4", RuleWriterKind.Firewall, [], ["fw4"]), // OpenWrt's firewall4
        new("csf", RuleWriterKind.Firewall, ["LOCALINPUT", "LOCALOUTPUT", "INVDROP", "DENYIN", "ALLOWIN"], []), // ConfigServer Firewall, csf.pl

        // Docker: libnetwork/drivers/bridge and iptabler of moby; the table of its nftables backend (since 29)
        new("Docker", RuleWriterKind.Guests, ["DOCKER"], ["docker-bridges"]),
        new("Podman", RuleWriterKind.Guests, ["NETAVARK"], ["netavark"]), // netavark's firewall/iptables.rs, firewall/nft.rs
        new("CNI", RuleWriterKind.Guests, ["CNI-"], ["cni_hostport"]), // containernetworking/plugins, portmap and firewall
        new("libvirt", RuleWriterKind.Guests, ["LIBVIRT_"], ["libvirt_network"]), // src/network/network_iptables.c, network_nftables.c
        new("LXD", RuleWriterKind.Guests, [], ["lxd"]), // lxd/firewall/drivers/drivers_nftables.go
        new("Incus", RuleWriterKind.Guests, [], ["incus"]), // internal/server/firewall/drivers/drivers_nftables.go
        new("LXC", RuleWriterKind.Guests, [], ["lxc"]), // config/init/common/lxc-net.in
        new("systemd-networkd", RuleWriterKind.Guests, [], ["io.systemd.nat"]), // src/shared/firewall-util-nft.c

        // fail2ban: config/action.d/iptables.conf and nftables.conf
        new("fail2ban", RuleWriterKind.Bans, ["f2b-", "fail2ban-"], ["f2b-table"]),
        new("CrowdSec", RuleWriterKind.Bans, ["CROWDSEC_"], ["crowdsec", "crowdsec6"]), // cs-firewall-bouncer, pkg/iptables and pkg/nftables
        new("sshguard", RuleWriterKind.Bans, ["sshguard"], ["sshguard"]), // src/fw/sshg-fw-nft-sets.sh, sshg-fw-iptables.sh
        new("DenyHosts", RuleWriterKind.Bans, ["denyhosts"], []),

        new("kube-proxy", RuleWriterKind.Overlay, ["KUBE-"], ["kube-proxy"]), // pkg/proxy/iptables, pkg/proxy/nftables
        new("Calico", RuleWriterKind.Overlay, ["cali-"], ["calico"]), // felix/rules/rule_defs.go
        new("Cilium", RuleWriterKind.Overlay, ["CILIUM_", "OLD_CILIUM_"], []), // pkg/datapath/iptables
        new("Flannel", RuleWriterKind.Overlay, ["FLANNEL-"], ["flannel-ipv4", "flannel-ipv6"]), // pkg/trafficmngr
        new("Tailscale", RuleWriterKind.Overlay, ["ts-"], []), // util/linuxfw
        new("wg-quick", RuleWriterKind.Overlay, [], ["wg-quick-*"]), // wireguard-tools, src/wg-quick/linux.bash
    ];

    /// <summary>A writer, its kind, and the tables that it has chains or rules in.</summary>
    internal sealed record Seen(string Name, RuleWriterKind Kind, ImmutableArray<string> Tables);

    /// <summary>All writers of a ruleset, by name.</summary>
    internal static ImmutableArray<Seen> In(Ruleset ruleset)
    {
        Dictionary<string, (RuleWriterKind Kind, SortedSet<string> Tables)> found = new(StringComparer.Ordinal);
        foreach (FirewallTable table in ruleset.Tables.Where(static table => !table.IsDormant))
        {
            foreach (FirewallChain chain in table.Chains)
            {
                // What "ufw disable" leaves are chains without a rule.
                if (Of(table, chain) is KnownWriter known)
                {
                    if (!chain.Rules.IsEmpty || chain.Hook is { DropsByDefault: true })
                    {
                        Add(known.Name, known.Kind, table);
                    }
                }
                else if (IsOwn(table, chain))
                {
                    Add(OwnRules, RuleWriterKind.Owner, table);
                }
            }
        }

        return [.. found.Select(static one => new Seen(one.Key, one.Value.Kind, [.. one.Value.Tables])).OrderBy(static one => one.Name, StringComparer.Ordinal)];

        void Add(string name, RuleWriterKind kind, FirewallTable table)
        {
            if (!found.TryGetValue(name, out (RuleWriterKind Kind, SortedSet<string> Tables) writer))
            {
                found[name] = writer = (kind, new SortedSet<string>(StringComparer.Ordinal));
            }

            writer.Tables.Add($"{table.Family.ToString().ToLowerInvariant()} {table.Name}");
        }
    }

    /// <summary>Who wrote what decided over a packet.</summary>
    internal static (string Name, RuleWriterKind Kind) Of(RulePlace place)
    {
        // The policy of a chain that iptables made is set by the firewall whose chains it leads to.
        KnownWriter? known = Of(place.Table, place.Chain)
            ?? (place.Rule is null ? Writers(place.Table, place.Chain).OrderBy(static one => one.Kind).FirstOrDefault(static one => one.Kind is RuleWriterKind.Firewall or RuleWriterKind.Guests) : null);
        return known is null ? (OwnRules, RuleWriterKind.Owner) : (known.Name, known.Kind);
    }

    private static KnownWriter? Of(FirewallTable table, FirewallChain chain) =>
        Known.FirstOrDefault(one => one.Tables.Any(name => name.EndsWith('*') ? table.Name.StartsWith(name[..^1], StringComparison.Ordinal) : table.Name == name))
        ?? ByName(chain.Name);

    private static KnownWriter? ByName(string chain) => Known.FirstOrDefault(one => one.Chains.Any(prefix => chain.StartsWith(prefix, StringComparison.Ordinal)));

    /// <summary>Those to whose chains a chain's rules lead.</summary>
    private static IEnumerable<KnownWriter> Writers(FirewallTable table, FirewallChain chain) =>
        chain.Rules.SelectMany(static rule => rule.Steps).OfType<VerdictStep>().Select(static step => step.Verdict.Chain).OfType<string>().Select(ByName).OfType<KnownWriter>();

    /// <summary>
    /// Whether a chain that packets for this host come by has something that no known program wrote. Elsewhere programs write into the
    /// chains that iptables made, too (Docker into FORWARD), so that nothing follows from those.
    /// </summary>
    private static bool IsOwn(FirewallTable table, FirewallChain chain)
    {
        if (chain.Hook is not { Type: "filter", Point: HookPoint.Ingress or HookPoint.Prerouting or HookPoint.Input or HookPoint.Forward } hook
            || (BuiltIn.Contains(chain.Name) && hook.Point != HookPoint.Input))
        {
            return false;
        }

        return (hook.DropsByDefault && !Writers(table, chain).Any(static one => one.Kind == RuleWriterKind.Firewall)) || chain.Rules.Any(IsOwn);
    }

    private static bool IsOwn(FirewallRule rule) =>
        !rule.Steps.OfType<VerdictStep>().Any(static step => step.Verdict.Chain is string target && ByName(target) is not null) && rule.Steps.Any(static step => step is not RemarkStep);
}
