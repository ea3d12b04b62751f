using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.Tests.Analysis.Reaching;

public sealed class RuleWritersTests
{
    private static readonly FirewallRule s_drop = new() { Steps = [new VerdictStep(new RuleVerdict(VerdictKind.Drop))] };

    [Theory]
    [InlineData("filter", "ufw-user-input", "ufw")]
    [InlineData("filter", "ufw6-before-input", "ufw")]
    [InlineData("firewalld", "filter_IN_public", "firewalld")]
    [InlineData("firewalld_policy_drop", "filter_input", "firewalld")]
    [InlineData("filter", "INPUT_ZONES", "firewalld")]
    [InlineData("filter", "DOCKER-ISOLATION-STAGE-1", "Docker")]
    [InlineData("nat", "DOCKER", "Docker")]
    [InlineData("docker-bridges", "filter-FORWARD", "Docker")]
    [InlineData("filter", "NETAVARK_FORWARD", "Podman")]
    [InlineData("nat", "NETAVARK-HOSTPORT-DNAT", "Podman")]
    [InlineData("netavark", "INPUT", "Podman")]
    [InlineData("nat", "CNI-HOSTPORT-DNAT", "CNI")]
    [InlineData("filter", "LIBVIRT_INP", "libvirt")]
    [InlineData("libvirt_network", "forward", "libvirt")]
    [InlineData("filter", "f2b-sshd", "fail2ban")]
    [InlineData("f2b-table", "f2b-chain", "fail2ban")]
    [InlineData("crowdsec6", "crowdsec6_chain", "CrowdSec")]
    [InlineData("filter", "CROWDSEC_CHAIN", "CrowdSec")]
    [InlineData("sshguard", "blacklist", "sshguard")]
    [InlineData("filter", "KUBE-FIREWALL", "kube-proxy")]
    [InlineData("kube-proxy", "services", "kube-proxy")]
    [InlineData("filter", "cali-INPUT", "Calico")]
    [InlineData("filter", "CILIUM_INPUT", "Cilium")]
    [InlineData("filter", "FLANNEL-FWD", "Flannel")]
    [InlineData("filter", "ts-input", "Tailscale")]
    [InlineData("wg-quick-wg0", "preraw", "wg-quick")]
    [InlineData("filter", "INPUT", "own rules")]
    [InlineData("filter", "docker", "own rules")] // names are told apart by case
    [InlineData("filter", "my-ufw-input", "own rules")]
    [InlineData("firewall", "input", "own rules")]
    public void Program_is_recognised_by_the_names_that_it_gives(string table, string chain, string writer)
    {
        FirewallChain one = new() { Name = chain, Rules = [s_drop] };

        Assert.Equal(writer, RuleWriters.Of(new RulePlace(Table(table, one), one, s_drop)).Name);
    }

    [Theory]
    [InlineData("ufw-before-input", "ufw")]
    [InlineData("f2b-sshd", "own rules")] // which sets no policies
    [InlineData("mine", "own rules")]
    public void Policy_of_a_chain_that_iptables_made_is_of_the_firewall_that_it_leads_to(string target, string writer)
    {
        FirewallChain input = Input(drops: true, Jump(target));

        Assert.Equal(writer, RuleWriters.Of(new RulePlace(Table("filter", input), input, null)).Name);
    }

    [Fact]
    public void What_is_loaded_is_told_by_writer_with_its_tables()
    {
        FirewallTable filter = Table("filter", Input(drops: true, Jump("ufw-before-input"), Jump("f2b-sshd")), new FirewallChain { Name = "ufw-before-input", Rules = [s_drop] }, new FirewallChain { Name = "f2b-sshd", Rules = [s_drop] });
        FirewallTable nat = Table("nat", new FirewallChain { Name = "DOCKER", Rules = [s_drop] });

        Assert.Equal(["Docker: ip nat", "fail2ban: ip filter", "ufw: ip filter"], Told(filter, nat));
        Assert.Equal(["own rules: ip filter"], Told(Table("filter", Input(drops: false, s_drop))));
        Assert.Equal(["own rules: ip filter"], Told(Table("filter", Input(drops: true))));
    }

    [Fact]
    public void Chains_without_a_rule_and_tables_that_are_switched_off_are_nobodys()
    {
        Assert.Empty(Told(Table("filter", Input(drops: false))));
        Assert.Empty(Told(Table("filter", Input(drops: false, Jump("ufw-before-input")), new FirewallChain { Name = "ufw-before-input" }))); // after "ufw disable"
        Assert.Empty(Told(Table("filter", Input(drops: true, s_drop)) with { IsDormant = true }));
        Assert.Empty(Told(Table("filter", Input(drops: false, new FirewallRule { Steps = [new RemarkStep("counter")] }))));
        // Docker writes into the chain that iptables made for what is passed on.
        Assert.Empty(Told(Table("filter", new FirewallChain { Name = "FORWARD", Hook = new BaseHook(HookPoint.Forward, 0, "filter", true, []), Rules = [s_drop] })));
    }

    private static string[] Told(params FirewallTable[] tables) =>
        [.. RuleWriters.In(new Ruleset { Tables = [.. tables] }).Select(one => $"{one.Name}: {string.Join(", ", one.Tables)}")];

    private static FirewallTable Table(string name, params FirewallChain[] chains) => new() { Family = TableFamily.Ip, Name = name, Chains = [.. chains] };

    private static FirewallChain Input(bool drops, params FirewallRule[] rules) =>
        new() { Name = "INPUT", Hook = new BaseHook(HookPoint.Input, 0, "filter", drops, []), Rules = [.. rules] };

    private static FirewallRule Jump(string chain) => new() { Steps = [new VerdictStep(new RuleVerdict(VerdictKind.Jump, chain))] };
}
