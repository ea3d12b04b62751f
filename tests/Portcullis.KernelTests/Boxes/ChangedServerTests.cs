using System;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scanning;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>Plan, apply, confirm and undo on a real server with systemd: its timer takes back, its unit loads at the start.</summary>
public sealed class ChangedServerTests
{
    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Server_is_closed_but_for_its_roles_and_opened_again_to_the_byte(Suite suite)
    {
        await using Box box = await Box.Boot(suite);
        string before = await State(box);
        int[] open = (await ScannedTarget.By(box.Client, Box.Address4)).Open;
        Assert.True(open.Except([22, 80, 443]).Any(), string.Join(' ', open));

        // 8080 is a guest's, to which the host passes packets on: these steps leave that open, and say so.
        string wanted = string.Join(' ', open.Intersect([22, 80, 443, 8080]));
        Assert.Contains("what is passed on to 172.17.0.2:80", (await box.Run(Box.Portcullis, "plan", "--role", "web-server", "--role", "ssh-admin")).Output, StringComparison.Ordinal);

        // Not confirmed: a timer of systemd takes it back.
        (await Apply(box, "20")).MustSucceed();
        Assert.Contains("portcullis-revert-", (await box.Run("systemctl", "list-timers", "--no-legend")).MustSucceed(), StringComparison.Ordinal);
        Assert.NotEqual(before, await State(box));
        await Eventually(async () => await State(box) == before);

        // Confirmed: it lasts, and is loaded by a unit of its own.
        (await Apply(box, "600")).MustSucceed();
        Assert.Equal(wanted, string.Join(' ', (await ScannedTarget.By(box.Client, Box.Address4)).Open));
        Assert.Equal("22 80", string.Join(' ', (await ScannedTarget.By(box.Client, Box.Address6)).Open));

        Assert.Equal(0, (await box.Run(Box.Portcullis, "confirm")).ExitCode);
        Assert.Empty((await box.Run("systemctl", "list-timers", "--no-legend", "portcullis-revert-*")).MustSucceed());
        Assert.Equal("enabled", (await box.Run("systemctl", "is-enabled", "portcullis-firewall.service")).MustSucceed().Trim());
        Assert.Equal("", (await box.Run("systemd-analyze", "--man=no", "verify", "/etc/systemd/system/portcullis-firewall.service")).Error);
        CommandResult holds = await Verify(box);
        Assert.Contains("holds, is loaded at the next start", holds.Output, StringComparison.Ordinal);
        (await box.Run("nft", "delete", "table", "inet", "portcullis")).MustSucceed();
        CommandResult gone = await Verify(box);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("the table inet portcullis is gone", gone.Output, StringComparison.Ordinal);
        (await box.Run("systemctl", "restart", "portcullis-firewall.service")).MustSucceed();
        Assert.Equal(wanted, string.Join(' ', (await ScannedTarget.By(box.Client, Box.Address4)).Open));

        Assert.Contains("holds, is loaded at the next start", (await Verify(box)).Output, StringComparison.Ordinal);
        (await box.Run("nft", "add", "rule", "inet", "portcullis", "input", "accept")).MustSucceed();
        Assert.Contains("somebody has changed it", (await Verify(box)).Output, StringComparison.Ordinal);
        (await box.Run("systemctl", "restart", "portcullis-firewall.service")).MustSucceed();
        (await box.Run("systemctl", "disable", "portcullis-firewall.service")).MustSucceed();
        Assert.Contains("what loads it when the machine starts is missing", (await Verify(box)).Output, StringComparison.Ordinal);
        (await box.Run("systemctl", "enable", "portcullis-firewall.service")).MustSucceed();

        (await box.Run(Box.Portcullis, "undo")).MustSucceed();
        Assert.Equal(before, await State(box));
        Assert.Equal(string.Join(' ', open), string.Join(' ', (await ScannedTarget.By(box.Client, Box.Address4)).Open));
    }

    private static Task<CommandResult> Verify(Box box) => box.Run(Box.Portcullis, "verify", "--role", "web-server", "--role", "ssh-admin");

    private static Task<CommandResult> Apply(Box box, string seconds) =>
        box.Run(Box.Portcullis, "apply", "--role", "web-server", "--role", "ssh-admin", "--yes", "--confirm-within", seconds);

    /// <summary>All rules, and every file of systemd's with its content.</summary>
    private static async Task<string> State(Box box) =>
        (await box.Run("bash", "-ec", "nft -s list ruleset; find /etc/systemd /etc/nftables* -xtype f -exec sha256sum {} + | sort; find /etc/systemd -type l -printf '%p %l\\n' | sort")).MustSucceed();

    private static async Task Eventually(Func<Task<bool>> isSo)
    {
        for (int tries = 0; tries < 240; tries++)
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken);
        }

        Assert.Fail("it was not taken back");
    }
}
