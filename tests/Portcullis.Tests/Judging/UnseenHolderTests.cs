using System;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Judging;

/// <summary>A socket without a holder is a sign of something only where everybody could be seen.</summary>
public sealed class UnseenHolderTests
{
    [Theory]
    [InlineData("0.0.0.0", 1000u, true, 0u, Severity.High)]
    [InlineData("0.0.0.0", 0u, true, 0u, Severity.Medium)]
    [InlineData("10.0.0.1", 0u, true, 0u, Severity.Medium)]
    [InlineData("127.0.0.1", 1000u, true, 0u, null)]
    [InlineData("0.0.0.0", 1000u, false, 0u, null)]
    [InlineData("0.0.0.0", 1000u, null, 0u, null)]
    [InlineData("0.0.0.0", 1000u, true, 1000u, null)]
    public void Port_whose_holder_hides_is_told_where_every_process_was_seen(string address, uint uid, bool? all, uint observer, Severity? severity)
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp(address, 31337) with { Uid = uid }) with { SeesEveryProcess = all, Observer = observer };
        Finding? finding = Facts.Judged(snapshot).Findings.SingleOrDefault(one => one.Id == "PC3013");

        Assert.Equal(severity, finding?.Severity);
        Assert.All(finding is null ? [] : finding.Evidence, fact => Assert.DoesNotContain("attacker", fact, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Port_that_a_process_holds_or_the_kernel_tells_of_is_no_riddle()
    {
        Snapshot held = new Scene().Loose("0.0.0.0", 31337, "/opt/x").Snapshot with { SeesEveryProcess = true };
        Snapshot kernels = Nfs(2049);

        Assert.DoesNotContain(Facts.Judged(held).Findings, one => one.Id == "PC3013");
        Assert.DoesNotContain(Facts.Judged(kernels).Findings, one => one.Id == "PC3013");
    }

    [Fact]
    public void Port_beside_the_kernels_nfs_is_most_likely_its_lock_manager() =>
        Assert.Equal(Severity.Low, Facts.Judged(Nfs(38123)).Findings.Single(one => one.Id == "PC3013").Severity);

    [Fact]
    public void Accepted_one_stays_visible()
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp("0.0.0.0", 31337)) with { SeesEveryProcess = true };
        string key = Facts.Judged(snapshot).Listeners[0].Key;

        Assert.Equal(Severity.Info, Facts.Judged(snapshot, Facts.Policy($"roles: []\nallow:\n  - key: {key}\n    reason: AFS\n")).Findings.Single(one => one.Id == "PC3013").Severity);
    }

    [Theory]
    [InlineData(true, Severity.High)]
    [InlineData(false, Severity.Low)]
    public void Packet_socket_whose_holder_was_not_seen_weighs_by_whether_it_could_have_been(bool all, Severity severity)
    {
        SocketFacts socket = Facts.Socket(Protocol.Packet, null, 0) with { LinkProtocol = 3, FilterLength = 12 };

        Assert.Equal(severity, Facts.Judged(Facts.Snapshot(socket) with { SeesEveryProcess = all }).Findings.Single(one => one.Id == "PC3011").Severity);
    }

    private static Snapshot Nfs(int port)
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp("0.0.0.0", port)) with { SeesEveryProcess = true };
        return snapshot with { Namespaces = [snapshot.Namespaces[0] with { KernelServices = [new KernelService("nfsd", Protocol.Tcp, null, 2049, "/proc/fs/nfsd/portlist")] }] };
    }
}
