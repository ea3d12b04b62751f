using System;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>Real rpm, real Podman and real systemd-nspawn: what plain Debian servers have not.</summary>
public sealed class GuestsTests(GuestedBoxes boxes) : IClassFixture<GuestedBoxes>
{
    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Program_of_an_rpm_package_is_its_packages_and_a_copy_is_nobodys(Suite suite)
    {
        ReportedListener packaged = await One(suite, 7021);
        Assert.Equal(new ReportedPackage("parcel", "2:1.4-3", "rpm"), packaged.Package);
        Assert.True(Assert.Single(packaged.Processes).Packaged);

        ReportedListener copy = await One(suite, 7022);
        Assert.Null(copy.Package);
        Assert.False(Assert.Single(copy.Processes).Packaged);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Beside_rpm_dpkgs_packages_are_found_and_what_is_gone_is_nobodys(Suite suite)
    {
        Assert.Equal("dpkg", (await One(suite, 22, "ipv4")).Package?.Manager);

        // Of a deleted executable rpm itself says nothing that could be read.
        ReportedListener ghost = await One(suite, 7001);
        Assert.Equal(("deleted", false), Assert.Single(ghost.Processes.Select(process => (process.Origin, process.Packaged))));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Ports_that_podman_publishes_are_the_containers(Suite suite)
    {
        string id = (await (await boxes.Box(suite)).Run("podman", "ps", "--quiet", "--no-trunc")).MustSucceed().Trim();
        ReportedListener tcp = await One(suite, 7031);
        ReportedListener udp = await One(suite, 7032);

        Assert.Equal(64, id.Length);
        Assert.Equal(new ReportedContainer("podman", id, "shop", "0.0.0.0:7031"), tcp.Container);
        Assert.Equal(new ReportedContainer("podman", id, "shop", "127.0.0.1:7032"), udp.Container);
        Assert.Equal(("tcp/any/ipv4/7031/shop", "udp/loopback/ipv4/7032/shop"), (tcp.Key, udp.Key));
        Assert.Equal("conmon", Assert.Single(tcp.Processes).Name);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Listener_in_an_nspawn_container_is_the_containers(Suite suite)
    {
        ReportedListener listener = await One(suite, 7041);

        Assert.Equal(new ReportedContainer("nspawn", "cabin", "cabin", null), listener.Container);
        Assert.EndsWith("/7041/cabin", listener.Key, StringComparison.Ordinal);
        Assert.Null((await One(suite, 7022)).Container);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task With_all_of_them_the_audit_is_complete(Suite suite) => Assert.Empty((await boxes.Audit(suite)).Gaps);

    private async Task<ReportedListener> One(Suite suite, int port, string? family = null) =>
        Assert.Single((await boxes.Audit(suite)).Listeners, one => one.Namespace == "host" && one.Port == port && (family is null || one.Family == family));
}
