using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Proving;

/// <summary>Claims of rules of many kinds, proved in a twin: the kernel with the same rules finds what was worked out from them.</summary>
public sealed class TwinTests
{
    private const string Many =
        """
        table inet guard {
          set friends { type ipv4_addr; flags interval; elements = { 10.77.0.0/24, 192.168.0.0/16 } }
          set doors { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/8 . 5432, 198.51.100.0/24 . 6000-7000 } }
          map fates { type inet_service : verdict; elements = { 8080 : accept, 9999 : jump refuse } }
          set recent { type ipv4_addr; flags dynamic, timeout; timeout 1m; }
          chain refuse { reject with tcp reset }
          chain input {
            type filter hook input priority filter; policy drop;
            ct state vmap { established : accept, related : accept, invalid : drop }
            iif "lo" accept
            meta l4proto { icmp, ipv6-icmp } accept
            tcp dport vmap @fates
            ip saddr . tcp dport @doors accept
            ip saddr @friends udp dport 5353 accept
            ip6 saddr fc00::/7 tcp dport { 5432, 6379 } accept
            udp dport 5353 reject
          }
        }
        table ip translate {
          chain prerouting { type nat hook prerouting priority dstnat; tcp dport 8443 redirect to :8080 }
        }
        """;

    [Fact]
    public async Task Sets_maps_jumps_and_translations_do_in_a_twin_what_was_worked_out()
    {
        using ProvedHost proved = await ProvedHost.Create();
        await Route(proved);
        await proved.Host.Load("flush ruleset\n" + Many.Replace("; }", ";\n }", StringComparison.Ordinal).Replace(" }\n", "\n }\n", StringComparison.Ordinal) + "\n");
        proved.ListenUdp(proved.Host, 5353);
        ProvedAudit audit = ProvedAudit.Parse(await proved.Host.Portcullis("audit", "--json", "--prove"));

        Assert.DoesNotContain(audit.Gaps, static gap => gap.Contains("twin", StringComparison.Ordinal));
        Assert.Empty(audit.Findings);
        Assert.Contains("6379 10.77.0.1 reachable open proved", audit.Proofs); // from 198.51.100.0/24
        Assert.Contains("6379 10.77.0.1 blocked filtered proved", audit.Proofs);
        Assert.Contains("6379 fd77::1 reachable open proved", audit.Proofs);
        Assert.Contains("9999 10.77.0.1 blocked closed proved", audit.Proofs);
        Assert.Contains("5353 10.77.0.1 reachable open proved", audit.Proofs); // over UDP, where another host's silence would prove nothing
        Assert.Contains("5353 10.77.0.1 blocked closed proved", audit.Proofs);
        Assert.All(audit.Proofs, static proof => Assert.EndsWith(" proved", proof, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bans.nft")]
    [InlineData("behind.nft")]
    [InlineData("firewalld.nft")]
    [InlineData("guard.nft")]
    [InlineData("guests.nft")]
    [InlineData("open.nft")]
    [InlineData("published.nft")]
    [InlineData("ufw.iptables")]
    [InlineData("ufw6.ip6tables")]
    [InlineData("wide.nft")]
    public async Task Rules_of_real_tools_do_in_a_twin_what_was_worked_out(string rules)
    {
        using ProvedHost proved = await ProvedHost.Create();
        await Route(proved);
        (await proved.Host.Run("nft", "flush", "ruleset")).MustSucceed();
        string loader = rules.EndsWith(".nft", StringComparison.Ordinal) ? $"nft -f {Fixture(rules)}" : $"{rules[(rules.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace("tables", "tables-nft-restore", StringComparison.Ordinal)} < {Fixture(rules)}";
        (await proved.Host.Run("sh", "-c", loader)).MustSucceed();
        proved.Listen(proved.Host, 22, 80);
        ProvedAudit audit = ProvedAudit.Parse(await proved.Host.Portcullis("audit", "--json", "--prove"));

        Assert.DoesNotContain(audit.Gaps, static gap => gap.Contains("twin", StringComparison.Ordinal));
        Assert.Empty(audit.Findings);
        Assert.NotEmpty(audit.Proofs);
        Assert.Contains(audit.Proofs, static proof => proof.EndsWith(" proved", StringComparison.Ordinal));
        Assert.DoesNotContain(audit.Proofs, static proof => proof.EndsWith(" contradicted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_listener_is_asked_for_though_the_rules_tell_too_many_senders_apart()
    {
        using ProvedHost proved = await ProvedHost.Create();
        await Route(proved);
        string rules = string.Join('\n', Enumerable.Range(0, 600).Select(static place => $"ip saddr 10.{100 + (place / 200)}.{place % 200}.0/24 tcp dport 1000-4000 {(place % 2 == 0 ? "accept" : "drop")}"));
        await proved.Host.Load($"flush ruleset\ntable inet many {{\nchain input {{\ntype filter hook input priority 0; policy drop;\n{rules}\n}}\n}}\n");
        int[] ports = [.. Enumerable.Range(2_001, 40)];
        proved.Listen(proved.Host, ports);
        ProvedAudit audit = ProvedAudit.Parse(await proved.Host.Portcullis("audit", "--json", "--prove"));

        Assert.All(ports, port => Assert.Contains($"{port} 10.77.0.1 reachable open proved", audit.Proofs));
        Assert.All(ports, port => Assert.Contains($"{port} 10.77.0.1 blocked filtered proved", audit.Proofs));
        Assert.Contains(audit.Gaps, static gap => gap.Contains("ways in which packets fare: each listener was asked for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_without_a_default_route_is_asked_by_its_neighbours()
    {
        using ProvedHost proved = await ProvedHost.Create();
        ProvedAudit audit = ProvedAudit.Parse(await proved.Host.Portcullis("audit", "--json", "--prove"));

        Assert.Contains("8080 10.77.0.1 reachable open proved", audit.Proofs);
        Assert.Contains("5432 10.77.0.1 reachable open proved", audit.Proofs);
        Assert.Contains("6379 fd77::1 blocked filtered proved", audit.Proofs);
        Assert.All(audit.Views.Where(static view => view.StartsWith("10.77.0.1 ", StringComparison.Ordinal)), static view => Assert.StartsWith("10.77.0.1 10.77.0.", view, StringComparison.Ordinal));
        Assert.DoesNotContain(audit.Gaps, static gap => gap.Contains("this host has no route back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_without_a_way_back_to_whoever_asks_is_said_to_have_none()
    {
        using ProvedHost proved = await ProvedHost.Create();
        (await proved.Host.Run("ip", "route", "flush", "table", "main")).MustSucceed();
        (await proved.Host.Run("ip", "-6", "route", "flush", "table", "main")).MustSucceed();
        ProvedAudit audit = ProvedAudit.Parse(await proved.Host.Portcullis("audit", "--json", "--prove"));

        Assert.Empty(audit.Proofs);
        Assert.Contains(audit.Gaps, static gap => gap.Contains("this host has no route back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Host_of_which_nothing_is_heard_is_told_that_there_was_nothing_to_ask()
    {
        using NetworkNamespace host = await NetworkNamespace.Create();
        Assert.Contains("--prove: nothing of this host can be heard from elsewhere", (await host.Portcullis("audit", "--json", "--prove")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twin_needs_root_and_says_so()
    {
        CommandResult result = await Command.Run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "audit", "--json", "--prove");

        Assert.Contains(ProvedAudit.Parse(result).Gaps, static gap => gap.StartsWith("the proof by packets in a twin", StringComparison.Ordinal));
    }

    /// <summary>Only who can be answered proves anything: every address is on the way out.</summary>
    private static async Task Route(ProvedHost proved)
    {
        (await proved.Host.Run("ip", "route", "add", "default", "via", "10.77.0.2")).MustSucceed();
        (await proved.Host.Run("ip", "-6", "route", "add", "default", "via", "fd77::2")).MustSucceed();
    }

    private static string Fixture(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Portcullis.Tests", "Wire", "Nft", "fixtures", name));
}
