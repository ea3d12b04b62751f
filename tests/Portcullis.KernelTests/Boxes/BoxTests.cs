using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>The lab server itself: what the other tests here stand on.</summary>
public sealed class BoxTests(SharedBoxes boxes)
{
    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Server_boots_to_running_without_a_failed_unit(Suite suite)
    {
        Box box = await boxes.Of(suite);
        Assert.Empty((await box.Run("systemctl", "--failed", "--no-legend")).MustSucceed().Trim());
        Assert.Equal("running", box.State);
    }

    [Theory]
    [InlineData(Suite.Bookworm, "12")]
    [InlineData(Suite.Trixie, "13")]
    public async Task Server_is_the_release_it_should_be(Suite suite, string version)
    {
        Box box = await boxes.Of(suite);
        Assert.Contains($"VERSION_ID=\"{version}\"", (await box.Run("cat", "/etc/os-release")).MustSucceed(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Client_reaches_an_open_port_over_both_families_and_no_closed_one(Suite suite)
    {
        Box box = await boxes.Of(suite);
        foreach (string address in (string[])[Box.Address4, Box.Address6])
        {
            Assert.Equal(0, (await box.FromClient("bash", "-c", $"exec 3<>/dev/tcp/{address}/22")).ExitCode);
            Assert.NotEqual(0, (await box.FromClient("bash", "-c", $"exec 3<>/dev/tcp/{address}/6379")).ExitCode);
        }
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Portcullis_starts_inside(Suite suite)
    {
        Box box = await boxes.Of(suite);
        CommandResult help = await box.Run(Box.Portcullis, "--help");
        Assert.True(help.ExitCode == 0, $"{help.ExitCode}: {help.Error}");
    }

    [Fact]
    public async Task Box_that_is_disposed_leaves_nothing_behind()
    {
        Box box = await Box.Boot(Suite.Trixie);
        Assert.True(Directory.Exists($"/run/portcullis-lab/{box.Name}"));
        Assert.True(File.Exists(box.Client.Path));
        await box.DisposeAsync();
        Assert.False(Directory.Exists($"/run/portcullis-lab/{box.Name}"));
        Assert.False(File.Exists(box.Client.Path));
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup", $"pc-{box.Name}", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Box_of_a_killed_owner_is_swept_away()
    {
        // The script itself is what a kill -9 of everything would end; nothing then reads our end of its standard input.
        string name = $"pcb{Environment.ProcessId}-orphan";
        string script = Path.Combine(LabFiles.Scripts, "box");
        using Process box = Command.Start(script, ["run", name, await LabFiles.Image(Suite.Trixie)]);
        Assert.StartsWith("ready ", await box.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await Command.Run(script, "sweep")).MustSucceed();
        Assert.Equal(0, (await Command.Run(script, "in", name, "true")).ExitCode);
        box.Kill();
        await box.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await Command.Run(script, "sweep")).MustSucceed();
        Assert.False(Directory.Exists($"/run/portcullis-lab/{name}"));
        Assert.False(File.Exists($"/run/netns/{name}-srv"));
    }
}
