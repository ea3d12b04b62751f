using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>
/// What Podman writes, and what kube-proxy and libvirt would: guests that really serve, connections from outside, and what "reach" and the audit
/// say of them.
/// </summary>
public sealed class PublishedTests(PublishedBoxes boxes) : IClassFixture<PublishedBoxes>
{
    private const string Guest = "192.168.122.5:8080"; // behind the server: no address of its own

    public static TheoryData<Suite, string> States
    {
        get
        {
            TheoryData<Suite, string> rows = [];
            foreach (string state in PublishedBoxes.States)
            {
                rows.Add(Suite.Bookworm, state);
                rows.Add(Suite.Trixie, state);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Reach_says_what_connections_do(Suite suite, string state)
    {
        PublishedState seen = await boxes.Seen(suite, state);

        string[] wrong =
        [
            .. seen.Connections.Where(one => one.Place != Guest && seen.Verdicts(one.Source, one.Place) is not ["conditional"] && !seen.Verdicts(one.Source, one.Place).SequenceEqual([one.IsOpen ? "reachable" : "blocked"]))
                .Select(one => $"{one}: {string.Join(", ", seen.Verdicts(one.Source, one.Place))}"),
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.Contains(seen.Connections, one => one.IsOpen);
    }

    [Theory]
    [InlineData(Suite.Bookworm, "iptables")]
    [InlineData(Suite.Bookworm, "nftables")]
    [InlineData(Suite.Trixie, "iptables")]
    [InlineData(Suite.Trixie, "nftables")]
    public async Task Services_of_kube_proxy_are_told_for_certain(Suite suite, string way)
    {
        PublishedState seen = await boxes.Seen(suite, "kube-proxy " + way);

        Assert.Equal(["10.77.0.2:22", "10.77.0.2:30080", "10.77.0.50:22"], seen.Open(PublishedBoxes.Stranger));
        Assert.Equal(["10.77.0.2:22", "10.77.0.2:30080", "10.77.0.50:22", "10.77.0.50:80"], seen.Open(PublishedBoxes.Admin));
        Assert.Equal(["reachable"], seen.Verdicts(PublishedBoxes.Stranger, "10.77.0.2:30080")); // by chance one pod or the other, and both are reached
        Assert.Equal(["blocked"], seen.Verdicts(PublishedBoxes.Stranger, "10.77.0.50:80")); // loadBalancerSourceRanges
        Assert.Equal(["reachable"], seen.Verdicts(PublishedBoxes.Admin, "10.77.0.50:80"));
    }

    [Theory]
    [InlineData(Suite.Bookworm, "iptables")]
    [InlineData(Suite.Bookworm, "nftables")]
    [InlineData(Suite.Trixie, "iptables")]
    [InlineData(Suite.Trixie, "nftables")]
    public async Task Guest_of_libvirt_is_there_for_the_host_and_not_for_strangers(Suite suite, string way)
    {
        PublishedState seen = await boxes.Seen(suite, "libvirt " + way);

        Assert.NotNull(seen.Audit);
        Assert.Equal(["10.77.0.2:22"], seen.Open(PublishedBoxes.Stranger));
        ReportedListener guest = Assert.Single(seen.Audit.Listeners, one => one.Namespace == "guest" && one.Port == 8080);
        Assert.Contains(new ReportedExposure("internet", "blocked", null), guest.Exposure);
        Assert.Contains(new ReportedExposure("private", "reachable", "by virbr0"), guest.Exposure); // other guests
    }

    [Theory]
    [InlineData(Suite.Bookworm, "podman iptables", false)]
    [InlineData(Suite.Bookworm, "podman nftables", false)]
    [InlineData(Suite.Trixie, "podman iptables", false)]
    [InlineData(Suite.Trixie, "podman nftables", true)]
    public async Task Ports_that_podman_publishes_are_reached(Suite suite, string state, bool byTable)
    {
        PublishedState seen = await boxes.Seen(suite, state);

        Assert.Equal(byTable, seen.Tables.Contains("table inet netavark", System.StringComparison.Ordinal)); // or it would prove nothing
        Assert.Equal(["10.77.0.2:22", "10.77.0.2:8081", "10.77.0.2:8082", "10.77.0.50:8081"], seen.Open(PublishedBoxes.Stranger));
        Assert.All(seen.Open(PublishedBoxes.Stranger), place => Assert.Equal(["reachable"], seen.Verdicts(PublishedBoxes.Stranger, place)));
    }
}
