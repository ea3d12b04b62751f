using System.Linq;
using Portcullis.Cli.Report;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Analysis.Proving;
using Portcullis.Tests.Judging;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What packets found is told in a line and a column.</summary>
public sealed class ProofWordsTests
{
    private static readonly Snapshot s_server = FirewallFacts.Guarded(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 2222, "sshd", "openssh-server", "ssh.service", user: "root").Snapshot);

    [Theory]
    [InlineData(80, PortState.Open, true, "answers web2", "Plain")]
    [InlineData(80, PortState.Filtered, true, "NOT AS CLAIMED: silent to web2", "Alarming")]
    [InlineData(80, PortState.Filtered, false, "stopped before here: web2", "Plain")]
    [InlineData(80, PortState.Unknown, null, "not found out from web2", "Plain")]
    [InlineData(2222, PortState.Filtered, true, "silent to web2", "Plain")]
    [InlineData(2222, PortState.Closed, true, "refuses web2", "Plain")]
    [InlineData(2222, PortState.Open, true, "NOT AS CLAIMED: answers web2", "Alarming")]
    public void Column_says_what_a_peer_found(int port, PortState seen, bool? hasArrived, string words, string style)
    {
        Listener[] listeners = [.. Facts.Judged(Asked.From(s_server, Asked.Tcp(port, seen, hasArrived))).Listeners.Where(one => one.Port == port)];

        Assert.Equal((words, style), (ProvedBy.Of(listeners), ProvedBy.StyleOf(listeners).ToString()));
    }

    [Fact]
    public void Column_says_what_a_twin_found_in_two_words_unless_it_is_amiss()
    {
        OutsideView internet = Asked.View(Asked.Tcp(80, PortState.Open), Asked.Tcp(2222, PortState.Filtered)) with { From = "twin:internet", IsTwin = true };
        Listener[] fine = [.. Facts.Judged(s_server with { Outside = [internet] }).Listeners];
        Listener[] wrong = [.. Facts.Judged(s_server with { Outside = [internet with { Ports = [Asked.Tcp(80, PortState.Filtered)] }] }).Listeners.Where(static one => one.Port == 80)];

        Assert.Equal("as claimed", ProvedBy.Of(fine));
        Assert.Equal("NOT AS CLAIMED: silent to twin:internet", ProvedBy.Of(wrong));
        Assert.Equal("", ProvedBy.Of([.. Facts.Judged(s_server).Listeners]));
    }

    [Fact]
    public void Line_counts_what_was_proved_for_each_who_asked()
    {
        OutsideView peer = Asked.View(new SeenPorts(Protocol.Tcp, 1, 79, PortState.Closed, true), Asked.Tcp(80, PortState.Open), Asked.Tcp(2222, PortState.Open), Asked.Udp(53, PortState.OpenOrFiltered));
        OutsideView twin = Asked.View(Asked.Tcp(80, PortState.Open)) with { From = "twin:internet", IsTwin = true };

        Assert.Equal(
            [
                "Asked by packets in a twin of this host, a namespace with its interfaces and its rules: 1 claim of the rules holds.",
                "Asked by packets from web2 (198.51.100.9) at 203.0.113.7, 81 TCP and 1 UDP ports: 1 claim of the rules is contradicted, 1 claim of the rules holds.",
            ],
            ProofLine.Of(Facts.Judged(s_server with { Outside = [peer, twin] })));
        Assert.Empty(ProofLine.Of(Facts.Judged(s_server)));
        Assert.Equal(["Asked by packets from web2 (198.51.100.9) at 203.0.113.7, 1 TCP ports: no listener stands there."], ProofLine.Of(Facts.Judged(Asked.From(s_server, Asked.Tcp(9, PortState.Closed)))));
    }
}
