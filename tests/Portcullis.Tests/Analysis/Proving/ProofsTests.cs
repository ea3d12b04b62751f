using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Tests.Judging;
using Portcullis.Tests.Wire.Nft;
using Xunit;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Analysis.Proving;

/// <summary>What packets from elsewhere say to the claims of the rules. These let in 22, 80, 443 and 6379 over TCP.</summary>
public sealed class ProofsTests
{
    private static readonly Snapshot s_server = FirewallFacts.Guarded(new Scene()
        .Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 2222, "sshd", "openssh-server", "ssh.service", user: "root").Daemon("0.0.0.0", 161, "snmpd", "snmpd", protocol: Protocol.Udp)
        .Daemon("127.0.0.1", 443, "app", "app").Snapshot);

    [Theory]
    [InlineData(80, PortState.Open, true, ReachVerdict.Reachable, ProofOutcome.Proved)]
    [InlineData(80, PortState.Filtered, true, ReachVerdict.Reachable, ProofOutcome.Contradicted)]
    [InlineData(80, PortState.Closed, true, ReachVerdict.Reachable, ProofOutcome.Contradicted)]
    [InlineData(80, PortState.Rejected, true, ReachVerdict.Reachable, ProofOutcome.Contradicted)]
    [InlineData(80, PortState.Filtered, false, ReachVerdict.Reachable, ProofOutcome.StoppedBefore)]
    [InlineData(80, PortState.Filtered, null, ReachVerdict.Reachable, ProofOutcome.Untold)]
    [InlineData(80, PortState.Open, false, ReachVerdict.Reachable, ProofOutcome.Untold)] // something in front answers in its name
    [InlineData(80, PortState.Unknown, true, ReachVerdict.Reachable, ProofOutcome.Untold)]
    [InlineData(2222, PortState.Filtered, true, ReachVerdict.Blocked, ProofOutcome.Proved)]
    [InlineData(2222, PortState.Closed, true, ReachVerdict.Blocked, ProofOutcome.Proved)] // a rule may reject as if nothing listened
    [InlineData(2222, PortState.Filtered, null, ReachVerdict.Blocked, ProofOutcome.Proved)]
    [InlineData(2222, PortState.Filtered, false, ReachVerdict.Blocked, ProofOutcome.StoppedBefore)]
    [InlineData(2222, PortState.Open, true, ReachVerdict.Blocked, ProofOutcome.Contradicted)]
    public void Claim_is_compared_with_what_was_seen(int port, PortState seen, bool? hasArrived, ReachVerdict claimed, ProofOutcome outcome)
    {
        Assessment assessment = Facts.Judged(Asked.From(s_server, Asked.Tcp(port, seen, hasArrived)));

        Proof proof = Assert.Single(assessment.Listeners.Single(listener => listener.Port == port).Proofs);
        Assert.Equal(("web2", claimed, seen, outcome), (proof.From, proof.Claimed, proof.Seen, proof.Outcome));
        Assert.All(assessment.Listeners.Where(listener => listener.Port != port), listener => Assert.Empty(listener.Proofs));
        Assert.Equal(outcome == ProofOutcome.Contradicted ? ["PC7001"] : [], assessment.Findings.Select(finding => finding.Id).Where(id => id[2] == '7'));
    }

    [Theory]
    [InlineData(PortState.OpenOrFiltered, ProofOutcome.Untold)]
    [InlineData(PortState.Closed, ProofOutcome.Proved)]
    [InlineData(PortState.Open, ProofOutcome.Contradicted)]
    public void Silence_over_udp_proves_nothing(PortState seen, ProofOutcome outcome) =>
        Assert.Equal(outcome, Facts.Judged(Asked.From(s_server, Asked.Udp(161, seen))).Listeners.Single(listener => listener.Port == 161).Proofs.Single().Outcome);

    [Fact]
    public void Port_that_answers_and_is_nobodys_is_told()
    {
        Finding found = Assert.Single(Facts.Judged(Asked.From(s_server, Asked.Tcp(31337, PortState.Open))).Findings, finding => finding.Id == "PC7002");

        Assert.Equal((Severity.High, "host/tcp/31337"), (found.Severity, found.Subject));
        Assert.DoesNotContain(Facts.Judged(Asked.From(s_server, Asked.Tcp(31337, PortState.Closed))).Findings, finding => finding.Id == "PC7002");
        Assert.DoesNotContain(Facts.Judged(Asked.From(s_server, Asked.Tcp(80, PortState.Open))).Findings, finding => finding.Id == "PC7002");
    }

    [Fact]
    public void Listener_on_loopback_is_not_who_answers_from_outside() =>
        Assert.Contains(Facts.Judged(Asked.From(s_server, Asked.Tcp(443, PortState.Open))).Findings, finding => finding.Id == "PC7002");

    [Fact]
    public void Port_that_a_rule_passes_on_is_somebodys()
    {
        Snapshot published = Facts.Snapshot() with { Namespaces = [Facts.Snapshot().Namespaces[0] with { Rules = new RulesetDump { Messages = NftRulesetTests.Published } }] };

        Assert.DoesNotContain(Facts.Judged(Asked.From(published, Asked.Tcp(8888, PortState.Open))).Findings, finding => finding.Id == "PC7002");
        Assert.Contains(Facts.Judged(Asked.From(published, Asked.Tcp(8889, PortState.Open))).Findings, finding => finding.Id == "PC7002");
    }

    [Fact]
    public void Where_the_rules_were_not_read_nothing_is_contradicted_and_a_port_of_nobody_matters_less()
    {
        Snapshot unread = s_server with { Namespaces = [s_server.Namespaces[0] with { Rules = null }] };
        Assessment assessment = Facts.Judged(Asked.From(unread, Asked.Tcp(80, PortState.Filtered), Asked.Tcp(31337, PortState.Open)));

        Proof proof = assessment.Listeners.Single(listener => listener.Port == 80).Proofs.Single();
        Assert.Equal((null, ProofOutcome.Untold), (proof.Claimed, proof.Outcome));
        Assert.Equal(["PC7002 Medium"], assessment.Findings.Where(finding => finding.Id[2] == '7').Select(finding => $"{finding.Id} {finding.Severity}"));
    }

    [Fact]
    public void Service_whose_queue_is_full_may_be_silent()
    {
        Snapshot busy = s_server with { Sockets = [.. s_server.Sockets.Select(socket => socket.Port == 80 ? socket with { Queue = 129, Backlog = 128 } : socket)] };

        Assert.Equal(ProofOutcome.Untold, Facts.Judged(Asked.From(busy, Asked.Tcp(80, PortState.Filtered))).Listeners.Single(listener => listener.Port == 80).Proofs.Single().Outcome);
    }

    [Fact]
    public void Twin_proves_the_rules_and_not_who_listens()
    {
        Snapshot twin = s_server with { Outside = [Asked.View(Asked.Tcp(2222, PortState.Open), Asked.Tcp(31337, PortState.Open)) with { IsTwin = true }] };

        Assert.Equal(["PC7001"], Facts.Judged(twin).Findings.Select(finding => finding.Id).Where(id => id[2] == '7'));
    }
}
