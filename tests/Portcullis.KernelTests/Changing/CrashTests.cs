using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Portcullis.Cli.Policies;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Planning;
using Portcullis.Core.Policy;
using Portcullis.Core.Text.Snapshots;
using Portcullis.KernelTests.Lab;
using Portcullis.Os.Linux;
using Xunit;

namespace Portcullis.KernelTests.Changing;

/// <summary>Whoever makes, confirms or takes back a change is killed between each two of its acts: the rules are the old ones or the new ones, and the journal says which.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_longPatience = TimeSpan.FromSeconds(20); // for what must happen before it is over, also on a busy machine

    [Fact]
    public async Task Change_whose_maker_is_killed_at_any_instant_was_not_made_or_is_taken_back()
    {
        int acts = await Count(static (host, tools) => Apply(host, tools, TimeSpan.FromMinutes(10)));
        Assert.InRange(acts, 8, 20);
        await Task.WhenAll(Enumerable.Range(0, acts).Select(Killed));

        static async Task Killed(int after)
        {
            using ChangedHost host = await ChangedHost.Create();
            string before = await host.Rules();
            host.Host.Do(() => Die(host, after, static (host, tools) => Apply(host, tools, s_patience)));
            await Eventually(async () => await host.Rules() == before && States(host).All(static state => state is ChangeState.Abandoned or ChangeState.Reverted), $"killed after act {after}");
            Assert.True((await host.Portcullis("apply", "--yes", "--confirm-within", "600")).ExitCode == 0, $"killed after act {after}, nothing more can be applied");
        }
    }

    [Fact]
    public async Task Confirmation_that_is_killed_at_any_instant_is_finished_by_the_next()
    {
        int acts = await Count(static (host, tools) =>
        {
            Apply(host, new MortalTools(host.State, int.MaxValue), TimeSpan.FromMinutes(10));
            new SettleChange(tools.Tools, Now).Confirm(null);
        });
        Assert.InRange(acts, 4, 10);
        await Task.WhenAll(Enumerable.Range(0, acts).Select(Killed));

        static async Task Killed(int after)
        {
            using ChangedHost host = await ChangedHost.Create();
            string before = await host.Rules();
            host.Host.Do(() => Apply(host, new MortalTools(host.State, int.MaxValue), s_longPatience));
            string made = await host.Rules();
            host.Host.Do(() => Die(host, after, static (host, tools) => new SettleChange(tools.Tools, Now).Confirm(null)));
            await Task.Delay(s_longPatience + TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            string rules = await host.Rules();
            ChangeState state = Assert.Single(States(host));
            Assert.True(after == 0 ? rules == before && state == ChangeState.Reverted : rules == made && state is ChangeState.Confirming or ChangeState.Confirmed, $"killed after act {after}: {state}");
            Assert.Equal(after == 0 || state == ChangeState.Confirmed ? 4 : 3, (await host.Portcullis("confirm")).ExitCode);
            Assert.Equal(after == 0 ? ChangeState.Reverted : ChangeState.Confirmed, Assert.Single(States(host)));
        }
    }

    [Fact]
    public async Task Revert_that_is_killed_at_any_instant_is_finished_by_the_next()
    {
        int acts = await Count(static (host, tools) =>
        {
            Apply(host, new MortalTools(host.State, int.MaxValue), TimeSpan.FromMinutes(10));
            new SettleChange(tools.Tools, Now).RevertLast();
        });
        Assert.InRange(acts, 3, 10);
        await Task.WhenAll(Enumerable.Range(0, acts).Select(Killed));

        static async Task Killed(int after)
        {
            using ChangedHost host = await ChangedHost.Create();
            string before = await host.Rules();
            host.Host.Do(() => Apply(host, new MortalTools(host.State, int.MaxValue), TimeSpan.FromMinutes(10)));
            string made = await host.Rules();
            host.Host.Do(() => Die(host, after, static (host, tools) => new SettleChange(tools.Tools, Now).RevertLast()));
            Assert.Contains(await host.Rules(), (string[])[before, made]);
            _ = await host.Portcullis("revert");
            Assert.Equal(before, await host.Rules());
            Assert.Equal(ChangeState.Reverted, Assert.Single(States(host)));
        }
    }

    [Fact]
    public async Task Revert_of_a_change_that_was_never_made_leaves_the_next_one_alone()
    {
        using ChangedHost host = await ChangedHost.Create();
        host.Host.Do(() => Die(host, 3, static (host, tools) => Apply(host, tools, s_longPatience))); // written down, and armed
        Assert.Equal(ChangeState.Abandoned, Assert.Single(States(host)));
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken); // names are of a second
        host.Host.Do(() => Apply(host, new MortalTools(host.State, int.MaxValue), TimeSpan.FromMinutes(10)));
        string made = await host.Rules();
        await Task.Delay(s_longPatience + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(made, await host.Rules());
        Assert.Equal([ChangeState.Reverted, ChangeState.Waiting], States(host));
    }

    [Fact]
    public async Task Change_is_taken_back_though_nothing_can_be_written_any_more()
    {
        using ChangedHost host = await ChangedHost.Create();
        string before = await host.Rules();
        host.Host.Do(() => Apply(host, new MortalTools(host.State, int.MaxValue), s_longPatience));
        string folder = host.Journal().FolderOf(host.Journal().Read(out _)[0].Id);
        (await Command.Run("mount", "--bind", host.State, host.State)).MustSucceed();
        try
        {
            (await Command.Run("mount", "-o", "remount,bind,ro", host.State)).MustSucceed();
            await Eventually(async () => await host.Rules() == before, "on a disk that has become read-only");
            Assert.False(Path.Exists(Path.Combine(folder, "decided")));
        }
        finally
        {
            (await Command.Run("umount", "--lazy", host.State)).MustSucceed();
        }

        Assert.Equal(ChangeState.Waiting, Assert.Single(States(host))); // as far as could be written
        Assert.Contains("is not in force as it was made", (await host.Portcullis("confirm")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await host.Portcullis("revert")).ExitCode);
        Assert.Equal(before, await host.Rules());
    }

    private static void Apply(ChangedHost host, MortalTools tools, TimeSpan patience)
    {
        HostPolicy policy = PolicyChoice.Read(host.PolicyFile, [])!;
        Plan plan = DrawPlan.Of(Look(), policy, Catalogue.All, new LinuxMachine().GivenRules, null);
        new ApplyPlan(tools.Tools, Now).Run(plan, policy, "root", null, patience, Look, snapshot => DrawPlan.Of(snapshot, policy, Catalogue.All, new LinuxMachine().GivenRules, null));

        // By a process of its own: what /proc tells of one is of its first thread.
        Snapshot Look() => SnapshotJson.TryRead(Encoding.UTF8.GetBytes(host.Portcullis("inspect").GetAwaiter().GetResult().Output), out Snapshot? snapshot, out string? error) ? snapshot! : throw new LabException(error!);
    }

    /// <summary>How many acts there are when nobody is killed.</summary>
    private static async Task<int> Count(Action<ChangedHost, MortalTools> work)
    {
        using ChangedHost host = await ChangedHost.Create();
        return host.Host.Do(() =>
        {
            MortalTools tools = new(host.State, int.MaxValue);
            work(host, tools);
            return tools.Calls;
        });
    }

    private static void Die(ChangedHost host, int after, Action<ChangedHost, MortalTools> work)
    {
        MortalTools tools = new(host.State, after);
        Assert.Throws<KilledException>(() => work(host, tools));
    }

    private static IEnumerable<ChangeState> States(ChangedHost host)
    {
        ImmutableArray<ChangeRecord> all = host.Journal().Read(out ImmutableArray<Gap> gaps);
        Assert.Empty(gaps);
        return all.Select(one => ChangeStates.Of(one, host.Journal().Boot));
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    private static async Task Eventually(Func<Task<bool>> isSo, string what)
    {
        for (int tries = 0; tries < 120; tries++)
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(250, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{what}: it is neither as before nor taken back");
    }
}
