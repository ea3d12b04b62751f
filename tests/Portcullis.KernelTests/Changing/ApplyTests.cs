using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Proving;
using Xunit;

namespace Portcullis.KernelTests.Changing;

/// <summary>Plan, apply, confirm, revert and undo on a real kernel: what packets find, and what is left behind.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task Host_shows_what_the_policy_allows_and_after_undo_what_it_showed_before()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        foreach (string address in (string[])[ProvedHost.Address4, ProvedHost.Address6])
        {
            Assert.Equal("22 80 443", string.Join(' ', await host.OpenFor(address)));
        }

        CommandResult confirmed = await host.Portcullis("confirm");
        Assert.Equal(3, confirmed.ExitCode); // nothing loads it at the start of a network namespace, and that is told
        Assert.Contains("not beyond the next start of the machine", confirmed.Error, StringComparison.Ordinal);
        Assert.Contains("in force", (await host.Portcullis("changes")).Output, StringComparison.Ordinal);
        Assert.StartsWith(before, await host.Rules(), StringComparison.Ordinal); // others' tables are as they were
        (await host.Portcullis("undo")).MustSucceed();
        Assert.Equal(before, await host.Rules());
        Assert.Equal("22 80 443 5432 6379 8080 9999", string.Join(' ', await host.OpenFor(ProvedHost.Address6))); // 9999 is refused over IPv4, by the others
        Assert.Contains("undone", (await host.Portcullis("changes")).Output, StringComparison.Ordinal);
        Assert.Equal(4, (await host.Portcullis("undo")).ExitCode);
    }

    [Fact]
    public async Task What_is_not_confirmed_in_time_is_taken_back()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        (await host.Portcullis("apply", "--yes", "--confirm-within", "10")).MustSucceed();
        Assert.NotEqual(before, await host.Rules());
        await Eventually(async () => await host.Rules() == before);
        await Eventually(() => Task.FromResult(host.Journal().Read(out _)[0].Events[^1].Kind == ChangeEventKind.Reverted));
        CommandResult late = await host.Portcullis("confirm");
        Assert.Equal(4, late.ExitCode);
        Assert.Contains("taken back", late.Error, StringComparison.Ordinal);
        Assert.Equal(before, await host.Rules());
    }

    [Fact]
    public async Task Revert_takes_back_at_once_and_an_older_table_of_ours_comes_back_as_it_was()
    {
        using ChangedHost host = await ChangedHost.Create();
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        _ = await host.Portcullis("confirm");
        string before = await host.Rules();
        await File.WriteAllTextAsync(host.PolicyFile, ChangedHost.Policy.Replace("web-server, ", "", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        Assert.Equal("22", string.Join(' ', await host.OpenFor(ProvedHost.Address4)));
        CommandResult second = await host.Portcullis("apply", "--yes");
        Assert.Contains("taken back unless it is confirmed", second.Error, StringComparison.Ordinal);
        (await host.Portcullis("revert")).MustSucceed();
        Assert.Equal(before, await host.Rules());
        Assert.Equal("22 80 443", string.Join(' ', await host.OpenFor(ProvedHost.Address4)));
    }

    [Fact]
    public async Task Twice_is_once_and_a_plan_that_no_longer_fits_is_refused()
    {
        using ChangedHost host = await ChangedHost.Create();
        string saved = host.State + ".json";
        Assert.Contains((await host.Portcullis("plan", "--json", "--output", saved)).ExitCode, (int[])[0, 3]); // other tests' sockets may have no owner that is seen
        JsonElement plan = JsonDocument.Parse(await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken)).RootElement;
        Assert.True(plan.GetProperty("applyable").GetBoolean());
        Assert.Equal("firewall", plan.GetProperty("steps")[0].GetProperty("kind").GetString());
        await File.WriteAllTextAsync(host.PolicyFile, ChangedHost.Policy + "\n  - port: 5432/tcp\n    from: admin\n    reason: y\n", TestContext.Current.CancellationToken);
        CommandResult other = await host.Portcullis("apply", saved, "--yes");
        Assert.Equal(4, other.ExitCode);
        Assert.Contains("no longer fits", other.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(host.PolicyFile, ChangedHost.Policy, TestContext.Current.CancellationToken);
        (await host.Portcullis("apply", saved, "--yes", "--confirm-within", "600")).MustSucceed();
        _ = await host.Portcullis("confirm");
        string once = await host.Rules();
        CommandResult twice = await host.Portcullis("apply", "--yes");
        Assert.Contains("nothing is left to be done", twice.MustSucceed(), StringComparison.Ordinal);
        Assert.Equal(once, await host.Rules());
        Assert.Single(host.Journal().Read(out _));
    }

    [Fact]
    public async Task Way_in_is_not_cut_and_confirm_must_come_by_another()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        CommandResult refused = await host.PortcullisBy("192.0.2.9 50000 10.77.0.1 5432", "apply", "--yes");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("a new connection from there would not surely get in", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await host.Rules());
        Assert.False(Directory.Exists(Path.Combine(host.State, "changes")) && Directory.EnumerateFileSystemEntries(Path.Combine(host.State, "changes")).Any());

        const string Present = "10.77.0.2 50000 10.77.0.1 22";
        (await host.PortcullisBy(Present, "apply", "--yes", "--confirm-within", "600")).MustSucceed();
        CommandResult same = await host.PortcullisBy(Present, "confirm");
        Assert.Equal(4, same.ExitCode);
        Assert.Contains("open a new one", same.Error, StringComparison.Ordinal);

        // A second terminal that was open before proves no more than the first.
        (await host.Portcullis("revert")).MustSucceed();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        CommandResult terminal = await host.Host.Run(
            "env", $"PORTCULLIS_STATE={host.State}", "SSH_CONNECTION=10.77.0.2 49999 10.77.0.1 22", "sh", "-c",
            $"env 'SSH_CONNECTION={Present}' dotnet {LabFiles.Program}/portcullis.dll apply --yes --confirm-within 600 --policy {host.PolicyFile} >/dev/null; dotnet {LabFiles.Program}/portcullis.dll confirm");
        Assert.Equal(4, terminal.ExitCode);
        Assert.Contains("is older than the change", terminal.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await host.PortcullisBy("10.77.0.2 50001 10.77.0.1 22", "confirm")).ExitCode);
        Assert.Equal(ChangeState.Confirmed, ChangeStates.Of(host.Journal().Read(out _)[^1], host.Journal().Boot));
    }

    [Fact]
    public async Task What_is_not_in_force_any_more_cannot_be_confirmed()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        (await host.Host.Run("nft", "delete", "table", "inet", "portcullis")).MustSucceed();
        CommandResult refused = await host.Portcullis("confirm");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("is not in force as it was made", refused.Error, StringComparison.Ordinal);
        (await host.Portcullis("revert")).MustSucceed();
        Assert.Equal(before, await host.Rules());
    }

    [Fact]
    public async Task Undo_does_not_lock_out_who_came_by_the_newer_rules()
    {
        using ChangedHost host = await ChangedHost.Create(ChangedHost.Policy.Replace("10.77.0.0/30", "192.0.2.0/24", StringComparison.Ordinal));
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        _ = await host.Portcullis("confirm");
        await File.WriteAllTextAsync(host.PolicyFile, ChangedHost.Policy, TestContext.Current.CancellationToken);
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        _ = await host.Portcullis("confirm");
        string newer = await host.Rules();
        CommandResult refused = await host.PortcullisBy("10.77.0.2 50000 10.77.0.1 22", "undo");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("would not surely get in", refused.Error, StringComparison.Ordinal);
        Assert.Equal(newer, await host.Rules());
        (await host.Portcullis("undo")).MustSucceed();
    }

    [Fact]
    public async Task Change_of_what_is_neither_tcp_nor_udp_is_a_change()
    {
        using ChangedHost host = await ChangedHost.Create(ChangedHost.Policy + "\n  - port: 112/raw\n    from: link\n    reason: vrrp\n");
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        _ = await host.Portcullis("confirm");
        await File.WriteAllTextAsync(host.PolicyFile, ChangedHost.Policy + "\n  - port: 89/raw\n    from: link\n    reason: ospf\n", TestContext.Current.CancellationToken);
        CommandResult other = await host.Portcullis("apply", "--yes", "--confirm-within", "600");
        Assert.Contains("1 step", other.MustSucceed(), StringComparison.Ordinal);
        Assert.Contains("comment \"port 89/raw\"", await host.Rules(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lock_out_that_was_wanted_all_the_same_comes_back_by_itself()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        (await host.PortcullisBy("192.0.2.9 50000 10.77.0.1 5432", "apply", "--yes", "--even-if-cut-off", "--confirm-within", "10")).MustSucceed();
        Assert.NotEqual(before, await host.Rules());
        await Eventually(async () => await host.Rules() == before);
    }

    [Fact]
    public async Task Undo_is_refused_where_somebody_has_changed_the_same_since()
    {
        using ChangedHost host = await ChangedHost.Create();
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        _ = await host.Portcullis("confirm");
        (await host.Host.Run("nft", "add", "rule", "inet", "portcullis", "input", "tcp", "dport", "7777", "accept")).MustSucceed();
        string changed = await host.Rules();
        CommandResult refused = await host.Portcullis("undo");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("somebody has changed the table since", refused.Error, StringComparison.Ordinal);
        Assert.Equal(changed, await host.Rules());
    }

    [Fact]
    public async Task Two_at_once_are_one()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        using (host.Journal().Lock())
        {
            CommandResult second = await host.Portcullis("apply", "--yes");
            Assert.Equal(4, second.ExitCode);
            Assert.Contains("another portcullis is changing this machine", second.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, await host.Rules());
    }

    [Fact]
    public async Task Nothing_is_changed_where_it_cannot_be_written_down()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        await File.WriteAllTextAsync(host.State, "a file where the folder should be", TestContext.Current.CancellationToken);
        CommandResult refused = await host.Portcullis("apply", "--yes");
        Assert.Equal(4, refused.ExitCode);
        Assert.Equal(before, await host.Rules());
    }

    [Fact]
    public async Task Nothing_is_changed_without_a_yes_or_without_root()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        CommandResult silent = await host.Portcullis("apply");
        Assert.Equal(2, silent.ExitCode);
        Assert.Contains("there is nobody to ask", silent.Error, StringComparison.Ordinal);
        CommandResult nobody = await host.Host.Run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "apply", "--yes", "--role", "ssh-admin");
        Assert.Equal(2, nobody.ExitCode);
        Assert.Contains("only root can change the firewall", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(before, await host.Rules());
    }

    private static async Task Eventually(Func<Task<bool>> isSo)
    {
        for (int tries = 0; tries < 200; tries++)
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TestContext.Current.CancellationToken);
        }

        Assert.Fail("it never came to be so");
    }
}
