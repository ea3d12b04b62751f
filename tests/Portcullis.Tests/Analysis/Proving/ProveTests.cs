using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Tests.Judging;
using Xunit;

namespace Portcullis.Tests.Analysis.Proving;

/// <summary>How a machine is asked from elsewhere: a little first, then everything, then once more what does not fit.</summary>
public sealed class ProveTests
{
    private static readonly ProveRequest s_request = new("web2", "portcullis", []);
    private static readonly Snapshot s_server = FirewallFacts.Guarded(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 2222, "sshd", "openssh-server", "ssh.service", user: "root").Snapshot);

    [Fact]
    public void All_ports_are_asked_once_where_all_fits()
    {
        PlayedPeer peer = new(static (_, port) => port == 80 ? PortState.Open : PortState.Filtered);
        Snapshot proved = Run(peer, s_server);

        Assert.Equal([2, 65_535], peer.Scans.Select(static ports => ports.Length));
        Assert.Empty(proved.Gaps);
        Assert.Equal(3, Assert.Single(proved.Outside).Ports.Length);
        Assert.All(Facts.Judged(proved).Listeners, static listener => Assert.Equal(ProofOutcome.Proved, listener.Proofs.Single().Outcome));
    }

    [Fact]
    public void Service_that_came_meanwhile_is_no_port_of_nobody()
    {
        // It opens before the scan gets to it, and is seen when the sockets are read again.
        PlayedPeer peer = new(static (_, port) => port is 80 or 443 ? PortState.Open : PortState.Filtered);
        Snapshot later = FirewallFacts.Guarded(new Scene().Daemon("0.0.0.0", 80, "nginx", "nginx").Daemon("0.0.0.0", 443, "nginx", "nginx").Snapshot);
        Snapshot proved = Run(peer, s_server, s_server, later);

        Assert.Equal([2, 65_535, 1], peer.Scans.Select(static ports => ports.Length));
        Assert.Equal([443], peer.Scans[2].Select(static port => (int)port));
        Assert.DoesNotContain(Facts.Judged(proved).Findings, static finding => finding.Id[2] == '7');
    }

    [Fact]
    public void Service_that_went_meanwhile_is_no_port_of_nobody()
    {
        PlayedPeer peer = new(static (round, port) => port == 80 || (port == 31337 && round == 2) ? PortState.Open : PortState.Filtered);

        Assert.DoesNotContain(Facts.Judged(Run(peer, s_server)).Findings, static finding => finding.Id[2] == '7');
    }

    [Fact]
    public void What_does_not_fit_twice_is_told()
    {
        PlayedPeer peer = new(static (_, port) => port is 80 or 2222 or 31337 ? PortState.Open : PortState.Filtered);
        Snapshot proved = Run(peer, s_server);

        Assert.Equal([2222, 31337], peer.Scans[2].Select(static port => (int)port));
        Assert.Equal(["PC7001", "PC7002"], Facts.Judged(proved).Findings.Select(static finding => finding.Id).Where(static id => id[2] == '7'));
    }

    [Fact]
    public void Address_that_is_anothers_over_there_is_not_scanned()
    {
        PlayedPeer peer = new(static (_, _) => PortState.Open) { LeadsHere = false };
        Snapshot proved = Run(peer, s_server);

        Assert.Equal([2], peer.Scans.Select(static ports => ports.Length));
        Assert.Empty(proved.Outside);
        Assert.Contains("another host's", Assert.Single(proved.Gaps).Why);
    }

    [Fact]
    public void Without_rights_to_see_packets_only_an_own_address_is_asked()
    {
        PlayedPeer own = new(static (_, _) => PortState.Filtered) { CanWatch = false };
        PlayedPeer translated = new(static (_, _) => PortState.Filtered) { CanWatch = false, SeenAs = IpAddress.Parse("192.0.2.200") };

        Assert.Single(Run(own, s_server).Outside);
        Assert.Equal(["whether packets from web2 come in to this host"], Run(own, s_server).Gaps.Select(static gap => gap.What).Distinct());
        Assert.Equal([Asked.Host], Run(translated, s_server).Outside.Select(static view => view.Address)); // its public address, not the one it seems to have
    }

    [Fact]
    public void Interrupted_proof_is_a_gap()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Snapshot proved = new Prove(new PlayedPeer(static (_, _) => PortState.Open), static () => s_server).Run(s_request, null, cancelled.Token);

        Assert.Empty(proved.Outside);
        Assert.Contains(proved.Gaps, static gap => gap.Why == "it was interrupted");
    }

    private static Snapshot Run(PlayedPeer peer, params Snapshot[] taken)
    {
        Queue<Snapshot> next = new(taken);
        return new Prove(peer, () => next.Count > 1 ? next.Dequeue() : next.Peek()).Run(s_request, null, CancellationToken.None);
    }
}
