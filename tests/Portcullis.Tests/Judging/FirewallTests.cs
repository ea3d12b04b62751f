using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Wire.Xtables;
using Xunit;

namespace Portcullis.Tests.Judging;

/// <summary>Who keeps the firewall, and where it fools its owner.</summary>
public sealed class FirewallTests
{
    private static readonly Snapshot s_web = new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 2222, "sshd", "openssh-server", "ssh.service", user: "root").Snapshot;
    private static readonly Snapshot s_inside = new Scene().Daemon("127.0.0.1", 80, "nginx", "nginx").Snapshot;
    private static readonly RuleLoader s_ufw = FirewallFacts.Loader("ufw") with { SwitchedOn = true, File = "/etc/ufw/ufw.conf" };
    private static readonly RuleLoader s_nftables = FirewallFacts.Loader("nftables") with { File = "/etc/nftables.conf", FlushesAll = true, HasRules = true };

    [Theory]
    [InlineData("", Severity.Medium)]
    [InlineData("open.nft", Severity.Medium)] // chains without a rule
    [InlineData("guests.nft", Severity.Medium)] // what Docker keeps from its containers
    [InlineData("bans.nft", Severity.Medium)] // only who misbehaved
    [InlineData("guard.nft", null)]
    [InlineData("ufw.iptables", null)]
    [InlineData("firewalld.nft", null)]
    [InlineData("published.nft", null)] // a rule that drops one port
    public void Host_without_a_rule_that_keeps_anybody_out_has_no_firewall(string rules, Severity? severity) =>
        Assert.Equal(severity, Of(Rules(s_web, rules), "PC6002")?.Severity);

    [Fact]
    public void No_firewall_matters_by_what_is_open_and_not_allowed()
    {
        Assert.Null(Of(s_inside, "PC6002"));
        Assert.Equal(Severity.Info, Of(s_web, "PC6002", "roles: [web-server]\nallow:\n  - { port: 2222/tcp, from: internet, reason: ours }\n")?.Severity);
        Assert.Equal(Severity.Medium, Of(s_web, "PC6002", "roles: [web-server]")?.Severity);
        Assert.Equal(Severity.Low, Of(new Scene().Daemon("10.1.2.3", 80, "nginx", "nginx").Snapshot with { Namespaces = Private }, "PC6002")?.Severity);
    }

    [Fact]
    public void Where_the_rules_were_not_read_nothing_is_said_of_them()
    {
        Snapshot unread = s_web with { Namespaces = [s_web.Namespaces[0] with { Rules = null }], RuleLoaders = [s_ufw, FirewallFacts.Loader("firewalld", running: false)] };

        Assert.Equal(["PC6006"], Kinds(unread));
        Assert.Null(Facts.JudgedWhole(unread).Firewall.KeepsOut);
    }

    [Fact]
    public void Way_in_by_ssh_comes_first_in_every_remedy_that_may_cut_it()
    {
        Finding none = Of(s_web, "PC6002")!;
        Assert.True(none.Remedy.IndexOf("sudo ufw allow 2222/tcp", StringComparison.Ordinal) < none.Remedy.IndexOf("sudo ufw enable", StringComparison.Ordinal), none.Remedy);
        Assert.Contains("lock you out", none.Remedy, StringComparison.Ordinal);
        Assert.Contains("allow 2222/tcp && sudo ufw reload", Of(s_web with { RuleLoaders = [s_ufw] }, "PC6003")!.Remedy, StringComparison.Ordinal);
        Assert.Contains("--add-port=2222/tcp", Of(s_web with { RuleLoaders = [FirewallFacts.Loader("firewalld", running: false, atBoot: false)] }, "PC6002")!.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ufw says that it is on, and its rules are not loaded", Severity.High)]
    [InlineData("guard.nft", "ufw says that it is on, and its rules are not loaded", Severity.Medium)] // others keep something out
    [InlineData("ufw.iptables", null, null)]
    [InlineData("ufw6.ip6tables", "ufw is on, and the rules let everything in", Severity.High)] // of a host that has IPv4 alone
    public void Ufw_that_is_on_without_its_chains_does_nothing(string rules, string? title, Severity? severity)
    {
        Finding? found = Of(Rules(s_web, rules) with { RuleLoaders = [s_ufw] }, "PC6003");

        Assert.Equal((title, severity), (found?.Title, found?.Severity));
        Assert.Null(Of(Rules(s_web, rules) with { RuleLoaders = [s_ufw with { SwitchedOn = false }] }, "PC6003"));
        Assert.Null(Of(Rules(s_web, rules) with { RuleLoaders = [s_ufw] }, "PC6002"));
    }

    [Fact]
    public void Unit_that_is_active_over_rules_that_let_everything_in_does_nothing()
    {
        Snapshot idle = Rules(s_web, "open.nft") with { RuleLoaders = [s_nftables with { HasRules = false }] };
        Assert.Equal("nftables is on, and the rules let everything in", Of(idle, "PC6003")?.Title);
        Assert.Equal(["PC6003"], Kinds(idle));
        Assert.Equal(Severity.Low, Of(Rules(s_inside, "open.nft") with { RuleLoaders = [s_nftables] }, "PC6003")?.Severity);
        Assert.Empty(Kinds(Rules(s_web, "guard.nft") with { RuleLoaders = [s_nftables] }));
        Assert.Equal(["PC6002"], Kinds(Rules(s_web, "open.nft") with { RuleLoaders = [s_nftables with { Running = false, HasRules = false }] }));
    }

    [Theory]
    [InlineData("guard.nft", "nftables", true, null)]
    [InlineData("guard.nft", "netfilter-persistent", true, null)]
    [InlineData("guard.nft", "nftables", false, "firewall:own-rules")]
    [InlineData("guard.nft", "firewalld", true, "firewall:own-rules")] // which loads its own, and not these
    [InlineData("ufw.iptables", "ufw", true, null)]
    [InlineData("ufw.iptables", "ufw", false, "firewall:ufw")]
    [InlineData("ufw.iptables", "nftables", true, "firewall:ufw")]
    [InlineData("firewalld.nft", "firewalld", true, null)]
    [InlineData("firewalld.nft", "firewalld", false, "firewall:firewalld")]
    [InlineData("bans.nft", "nftables", false, null)] // fail2ban brings its own
    [InlineData("", "nftables", false, null)]
    public void Rules_that_nothing_loads_at_boot_are_told(string rules, string loader, bool atBoot, string? subject)
    {
        RuleLoader one = FirewallFacts.Loader(loader, running: atBoot, atBoot) with { SwitchedOn = loader == "ufw" ? true : null };

        Assert.Equal(subject, Of(Rules(s_web, rules) with { RuleLoaders = [one] }, "PC6004")?.Subject);
        Assert.Null(Of(Rules(s_web, rules), "PC6004")); // where nobody looked for loaders
    }

    [Fact]
    public void Rules_of_the_owner_last_where_anything_of_theirs_loads_some()
    {
        RuleLoader script = new() { Name = "/etc/network/if-pre-up.d/firewall", IsOwn = true, StartsAtBoot = true };
        Snapshot guarded = Rules(s_web, "guard.nft");

        Assert.Equal(Severity.Medium, Of(guarded with { RuleLoaders = [] }, "PC6004")?.Severity);
        Assert.Null(Of(guarded with { RuleLoaders = [script] }, "PC6004"));
        Assert.Null(Of(guarded with { RuleLoaders = [s_nftables with { StartsAtBoot = null }] }, "PC6004"));
        Assert.NotNull(Of(guarded with { RuleLoaders = [s_nftables with { HasRules = false }] }, "PC6004"));

        // The one that decides first (of two with one priority the later) hides the other, which would stay.
        Snapshot both = Rules(s_web, "guard.nft", "ufw.iptables");
        Assert.Equal(("firewall:ufw", Severity.Low), Told(Of(both with { RuleLoaders = [s_nftables, s_ufw with { StartsAtBoot = false }] }, "PC6004")));
        Assert.Equal(("firewall:ufw", Severity.Medium), Told(Of(both with { Namespaces = Rules(s_web, "ufw.iptables").Namespaces, RuleLoaders = [s_nftables, s_ufw with { StartsAtBoot = false }] }, "PC6004")));
        Assert.Null(Of(both with { RuleLoaders = [s_ufw] }, "PC6004"));

        static (string?, Severity?) Told(Finding? finding) => (finding?.Subject, finding?.Severity);
    }

    [Theory]
    [InlineData("", "firewalld", Severity.High)]
    [InlineData("open.nft", "nftables", Severity.High)]
    [InlineData("ufw.iptables", "firewalld", Severity.Low)] // ufw keeps something out
    [InlineData("guard.nft", "nftables", null)] // somebody loaded its file by hand
    [InlineData("firewalld.nft", "firewalld", null)]
    public void Firewall_that_should_have_started_and_does_not_run_is_told(string rules, string loader, Severity? severity)
    {
        Snapshot snapshot = Rules(s_web, rules);
        Snapshot stripped = rules == "open.nft" ? Rules(s_web, "") : snapshot;

        Assert.Equal(severity, Of(stripped with { RuleLoaders = [FirewallFacts.Loader(loader, running: false)] }, "PC6005")?.Severity);
        Assert.Null(Of(stripped with { RuleLoaders = [FirewallFacts.Loader(loader, running: false, atBoot: false)] }, "PC6005"));
        Assert.Null(Of(stripped with { RuleLoaders = [FirewallFacts.Loader(loader)] }, "PC6005"));
        Assert.Null(Of(stripped with { RuleLoaders = [FirewallFacts.Loader(loader, running: false) with { HasRules = false }] }, "PC6005"));
    }

    [Fact]
    public void Two_firewalls_at_once_are_told_and_worse_where_one_removes_the_others_rules()
    {
        RuleLoader firewalld = FirewallFacts.Loader("firewalld");
        Assert.Equal(Severity.Low, Of(s_web with { RuleLoaders = [firewalld, s_ufw] }, "PC6006")?.Severity);
        Assert.Equal(Severity.Medium, Of(s_web with { RuleLoaders = [s_nftables, s_ufw] }, "PC6006")?.Severity);
        Assert.Equal(Severity.Low, Of(s_web with { RuleLoaders = [s_nftables with { FlushesAll = false }, s_ufw] }, "PC6006")?.Severity);
        Assert.Equal(Severity.Medium, Of(s_web with { RuleLoaders = [FirewallFacts.Loader("netfilter-persistent"), s_ufw] }, "PC6006")?.Severity);
        Assert.Equal("firewall:firewalld+ufw", Of(s_web with { RuleLoaders = [firewalld, s_ufw] }, "PC6006")?.Subject);

        Assert.Null(Of(s_web with { RuleLoaders = [s_ufw] }, "PC6006"));
        Assert.Null(Of(s_web with { RuleLoaders = [firewalld, s_ufw with { SwitchedOn = false }] }, "PC6006"));
        Assert.Null(Of(s_web with { RuleLoaders = [s_nftables with { HasRules = false }, s_ufw] }, "PC6006"));
        Assert.Null(Of(s_web with { RuleLoaders = [FirewallFacts.Loader("iptables"), FirewallFacts.Loader("ip6tables")] }, "PC6006"));
        Assert.Null(Of(s_web with { RuleLoaders = [FirewallFacts.Loader("firewalld", running: false, atBoot: false), s_ufw] }, "PC6006"));
    }

    [Fact]
    public void Port_that_is_let_in_by_its_number_and_that_nobody_holds_is_told()
    {
        // Of the four that the rules let in, nobody holds 22, 443 and 6379; 80 is held, on 2222 sshd cannot be reached.
        Assert.Equal(["host/tcp/22", "host/tcp/443", "host/tcp/6379"], Opened(Rules(s_web, "guard.nft")));
        Assert.Equal(["host/tcp/22"], Opened(Rules(s_web, "ufw.iptables")));
        Assert.Equal(["host/tcp/22"], Opened(Rules(s_web, "firewalld.nft")));
        Assert.Contains("sudo ufw status numbered", Of(Rules(s_web, "ufw.iptables"), "PC6007")!.Remedy, StringComparison.Ordinal);
        Assert.Contains("--remove-port=22/tcp", Of(Rules(s_web, "firewalld.nft"), "PC6007")!.Remedy, StringComparison.Ordinal);
        Assert.Equal(["host/tcp/22", "host/tcp/443", "host/tcp/6379", "host/tcp/80"], Opened(Rules(s_inside, "guard.nft"))); // nginx on loopback
    }

    [Fact]
    public void Port_that_is_let_in_is_not_told_where_it_is_wanted_or_the_rule_decides_nothing()
    {
        Snapshot ssh = new Scene().Daemon("0.0.0.0", 22, "sshd", "openssh-server", "ssh.service", user: "root").Snapshot;

        Assert.Empty(Opened(Rules(ssh, "ufw.iptables")));
        Assert.Empty(Opened(Rules(s_web, "ufw.iptables"), "roles: [web-server, ssh-admin]"));
        Assert.Empty(Opened(Rules(s_web, "wide.nft")));
        Assert.Empty(Opened(Rules(s_web, "open.nft")));
        Assert.Equal(["host/tcp/22"], Opened(Rules(s_web, "published.nft"))); // and not 8888, which is passed on
        Assert.Empty(Opened(Rules(s_web, "guard.nft") with { Namespaces = [Rules(s_web, "guard.nft").Namespaces[0] with { Inspected = false }] }));
    }

    private static string[] Opened(Snapshot snapshot, string? policy = null) =>
        [.. Facts.JudgedWhole(snapshot, policy is null ? null : Facts.Policy(policy)).Findings.Where(finding => finding.Id == "PC6007").Select(finding => finding.Subject)];

    [Fact]
    public void Rules_that_contradict_what_was_decided_before_are_told_by_chain()
    {
        Finding idle = Of(Rules(s_web, "behind.nft"), "PC6008")!;

        // Not the one behind a return, nor what says the same again.
        Assert.Equal((Severity.Low, "firewall:inet own input"), (idle.Severity, idle.Subject));
        Assert.Equal(5, idle.Evidence.Count(line => line.StartsWith("never reached: ", StringComparison.Ordinal)));
        Assert.Contains(idle.Evidence, line => line.StartsWith("decided before by: inet own input handle ", StringComparison.Ordinal) && line.EndsWith("tcp dport { 22, 80 } accept", StringComparison.Ordinal));
        Assert.All(["guard.nft", "ufw.iptables", "ufw6.ip6tables", "firewalld.nft", "open.nft"], rules => Assert.Null(Of(Rules(s_web, rules), "PC6008")));
    }

    [Fact]
    public void Writers_are_told_firewalls_first_with_what_they_are_worth()
    {
        Snapshot both = Rules(s_web, "bans.nft", "guard.nft", "ufw.iptables", "ufw6.ip6tables") with { RuleLoaders = [s_ufw, FirewallFacts.Loader("firewalld")] };
        FirewallState state = Facts.JudgedWhole(both).Firewall;

        Assert.Equal(
            ["Firewall firewalld  False True", "Firewall ufw ip filter,ip6 filter True True", "Owner own rules inet guard False False", "Bans fail2ban inet f2b-table False "],
            state.Writers.Select(one => $"{one.Kind} {one.Name} {string.Join(',', one.Tables)} {one.KeepsOut} {one.AtBoot}"));
        Assert.True(state.KeepsOut);
    }

    private static ImmutableArray<NetworkNamespace> Private =>
        [Facts.Network(Facts.Host, NetworkNamespace.HostName) with { Interfaces = [new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("10.1.2.3")] }], Routes = [] }];

    /// <summary>What "flush ruleset" removes are the rules of nf_tables.</summary>
    [Fact]
    public void Rules_of_the_older_iptables_are_removed_by_no_file_of_nftables()
    {
        Snapshot both = Rules(s_web, "guard.nft", "ufw.iptables") with { RuleLoaders = [s_nftables, s_ufw] };
        RulesetDump dump = Rules(s_web, "guard.nft").Namespaces[0].Rules!;
        Snapshot older = both with { Namespaces = [both.Namespaces[0] with { Rules = dump with { LegacyTables = ["ip filter"], Legacy = [OfUfw(XtablesRulesetTests.Filter)] } }] };

        Assert.Equal((Severity.Medium, 1), Told(Of(both, "PC6006")!));
        Assert.Equal((Severity.Low, 0), Told(Of(older, "PC6006")!));

        static (Severity, int) Told(Finding finding) => (finding.Severity, finding.Evidence.Count(line => line.Contains("removes the rules of ufw", StringComparison.Ordinal)));
    }

    /// <summary>The table with a chain called as ufw calls its own in the place of "web".</summary>
    private static LegacyTable OfUfw(LegacyTable table)
    {
        byte[] entries = table.Entries.ToArray();
        "ufw-"u8.CopyTo(entries.AsSpan(entries.AsSpan().LastIndexOf("web\0"u8)));
        return table with { Entries = entries };
    }

    private static Snapshot Rules(Snapshot snapshot, params string[] fixtures) => FirewallFacts.WithRules(snapshot, [.. fixtures.Where(name => name.Length > 0)]);

    private static Finding? Of(Snapshot snapshot, string id, string? policy = null) =>
        Facts.JudgedWhole(snapshot, policy is null ? null : Facts.Policy(policy)).Findings.SingleOrDefault(finding => finding.Id == id);

    private static string[] Kinds(Snapshot snapshot) =>
        [.. Facts.JudgedWhole(snapshot).Findings.Select(finding => finding.Id).Where(id => id.StartsWith("PC6", StringComparison.Ordinal) && id != "PC6007")];
}
