using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A real server whose owner switches firewalls on and off, and what is told of each state.</summary>
public sealed class FirewallSceneTests(FirewalledBoxes boxes) : IClassFixture<FirewalledBoxes>
{
    [Theory]
    [Scene("PC6002", "medium", "firewall:host", "bare", "ufw")]
    [Scene("PC6003", "high", "firewall:ufw", "ufw flushed", "ufw")]
    [Scene("PC6003", "high", "firewall:nftables", "nftables as delivered", "nftables")]
    [Scene("PC6003", "high", "firewall:ufw", "ufw allows", "ufw")]
    [Scene("PC6004", "medium", "firewall:own-rules", "by hand", "nftables")]
    [Scene("PC6004", "medium", "firewall:firewalld", "firewalld not enabled", "firewalld")]
    [Scene("PC6005", "high", "firewall:nftables", "nftables stopped", "nftables")]
    [Scene("PC6006", "medium", "firewall:nftables+ufw", "nftables and ufw", "ufw")]
    [Scene("PC6006", "low", "firewall:firewalld+ufw", "firewalld and ufw", "firewalld")]
    [Scene("PC6006", "low", "firewall:nftables+ufw", "nftables and ufw of the older iptables", "ufw of the older iptables")] // which "flush ruleset" does not touch
    public async Task State_of_the_firewall_is_told_and_the_one_next_to_it_is_not(Suite suite, string id, string severity, string subject, string state, string near)
    {
        IReadOnlyDictionary<string, ReportedAudit> audits = await boxes.Audits(suite);

        ReportedFinding? told = About(audits[state]).SingleOrDefault(finding => finding.Id == id && finding.Subject == subject);
        Assert.True(told?.Severity == severity, $"of the state '{state}' was told: {Told(audits[state])}");
        Assert.True(!About(audits[near]).Any(), $"of the state '{near}' was told: {Told(audits[near])}");
        ScenesAreProvedAttribute.Prove(id, About(audits[state]).Select(finding => finding.Id), About(audits[near]).Select(finding => finding.Id));
    }

    [Theory]
    [Scene("PC6007")]
    public async Task Port_that_is_let_in_is_told_until_somebody_listens_there(Suite suite, string id)
    {
        IReadOnlyDictionary<string, ReportedAudit> audits = await boxes.Audits(suite);

        string[] raised = [.. Opened(audits["ufw for nobody"])];
        Assert.Equal(["host/tcp/8443"], raised);
        Assert.Empty(Opened(audits["ufw for somebody"]));
        ScenesAreProvedAttribute.Prove(id, audits["ufw for nobody"].Findings.Select(finding => finding.Id), audits["ufw for somebody"].Findings.Select(finding => finding.Id));

        static IEnumerable<string> Opened(ReportedAudit audit) => audit.Findings.Where(finding => finding.Id == "PC6007").Select(finding => finding.Subject);
    }

    [Theory]
    [Scene("PC6008")]
    public async Task Denial_behind_an_allowance_is_told_and_not_before_it(Suite suite, string id)
    {
        IReadOnlyDictionary<string, ReportedAudit> audits = await boxes.Audits(suite);

        ReportedFinding told = Assert.Single(audits["ufw denies too late"].Findings, finding => finding.Id == id);
        Assert.Equal(("low", "firewall:ip filter ufw-user-input"), (told.Severity, told.Subject));
        Assert.DoesNotContain(audits["ufw denies first"].Findings, finding => finding.Id == id);
        ScenesAreProvedAttribute.Prove(id, audits["ufw denies too late"].Findings.Select(finding => finding.Id), audits["ufw denies first"].Findings.Select(finding => finding.Id));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Each_state_raises_what_it_is_for_alone(Suite suite)
    {
        foreach ((string state, ReportedAudit audit) in await boxes.Audits(suite))
        {
            int expected = state is "ufw" or "ufw of the older iptables" or "ufw for nobody" or "ufw for somebody" or "ufw denies first" or "nftables" or "firewalld" ? 0 : 1;
            Assert.True(About(audit).Count() == expected, $"of the state '{state}' was told: {Told(audit)}");
        }
    }

    private static string Told(ReportedAudit audit) => string.Join(", ", About(audit).Select(finding => $"{finding.Severity} {finding.Id} {finding.Subject}"));

    private static IEnumerable<ReportedFinding> About(ReportedAudit audit) => audit.Findings.Where(finding => finding.Subject.StartsWith("firewall:", StringComparison.Ordinal));
}
