using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis apply</c>: writes a change down, has its revert stand ready, makes it, and looks whether it is as claimed.</summary>
/// <param name="tools">What it takes.</param>
/// <param name="now">Tells the time, UTC.</param>
public sealed class ApplyPlan(ChangeTools tools, Func<DateTimeOffset> now)
{
    /// <summary>Carries a plan out. It then waits for its confirmation.</summary>
    /// <param name="plan">The plan, which has steps and is not refused.</param>
    /// <param name="policy">The policy that it carries out.</param>
    /// <param name="by">Who does so.</param>
    /// <param name="session">The way by which they have come; null for none over the network.</param>
    /// <param name="patience">How long it waits for its confirmation.</param>
    /// <param name="look">Takes the facts anew.</param>
    /// <returns>The change's name.</returns>
    /// <exception cref="ChangeException">It was not made, or taken back: the machine is as it was, unless the message says otherwise.</exception>
    public string Run(Plan plan, HostPolicy policy, string by, RemoteSession? session, TimeSpan patience, Func<Snapshot> look)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(look);
        using IDisposable alone = tools.Journal.Lock();
        if (tools.Journal.Read(out _).LastOrDefault(one => ChangeStates.Of(one, tools.Journal.Boot) is ChangeState.Waiting or ChangeState.Confirming or ChangeState.Reverting) is ChangeRecord other)
        {
            throw new ChangeException($"the change {other.Id} is not settled yet: portcullis confirm makes it last, portcullis revert takes it back");
        }

        Forget();
        string before = OwnTable.Removal + tools.Table.Listing(withCounts: true);
        DateTimeOffset at = now();
        ChangeRecord change = new()
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMMdd-HHmmss}-{plan.Id}"),
            Plan = plan.Id,
            Policy = plan.Policy,
            By = by,
            At = at,
            Effects = [.. plan.Steps.Select(static step => step.Effect)],
            Patience = patience,
            Boot = tools.Journal.Boot,
            Session = session,
            Events = [new ChangeEvent(at, ChangeEventKind.Begun, null)],
        };
        string making = string.Concat(plan.Steps.Select(static step => step.Script));
        tools.Journal.Begin(change, making, before);
        Note(change.Id, ChangeEventKind.Armed, tools.Reverter.Arm(change.Id, patience));
        Note(change.Id, ChangeEventKind.Making, null);
        try
        {
            tools.Table.Load(making);
            tools.Journal.KeepMade(change.Id, tools.Table.Listing(withCounts: false) ?? throw new ChangeException("the table was loaded and is not there"));
            Note(change.Id, ChangeEventKind.Made, null);
            Verify(plan, policy, look());
            Note(change.Id, ChangeEventKind.Verified, null);
        }
        catch (ChangeException failed)
        {
            TakeBack(change.Id, failed);
            throw;
        }

        return change.Id;
    }

    /// <summary>What was written down and never made has nothing to take back: its revert must not meet what comes now.</summary>
    private void Forget()
    {
        foreach (ChangeRecord change in tools.Journal.Read(out _).Where(one => one.Boot == tools.Journal.Boot && ChangeStates.Of(one, one.Boot) == ChangeState.Abandoned && one.Events.Any(static what => what.Kind == ChangeEventKind.Armed)))
        {
            _ = tools.Journal.TryDecide(change.Id, ChangeOutcome.Reverted);
            Note(change.Id, ChangeEventKind.Reverted, "it was never made");
            tools.Reverter.Disarm(change.Id);
        }
    }

    private void TakeBack(string change, ChangeException failed)
    {
        try
        {
            Note(change, ChangeEventKind.Failed, failed.Message);
        }
        catch (ChangeException)
        {
            // The disk may be full or gone: that is no reason to leave the rules.
        }

        new SettleChange(tools, now).Revert(change);
    }

    /// <summary>Whether packets fare as the plan claimed.</summary>
    private static void Verify(Plan plan, HostPolicy policy, Snapshot snapshot)
    {
        ReachReport found = WhoReaches.Of(snapshot, RulesInQuestion.InForce(snapshot), new ReachInquiry(null, null, null), policy);
        HashSet<string> claimed = [.. plan.After.Answers.Select(Fate)];
        if (found.Answers.FirstOrDefault(answer => !claimed.Contains(Fate(answer))) is ReachAnswer other)
        {
            throw new ChangeException($"once made it is not as claimed: {Fate(other)} by {other.By ?? "no rule"}");
        }

        if (found.Answers.Length != plan.After.Answers.Length)
        {
            throw new ChangeException("once made it cannot be seen that it is as claimed");
        }
    }

    /// <summary>Packets and how they fare, without the place of the rule, which the kernel numbers anew.</summary>
    private static string Fate(ReachAnswer answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Version} {answer.Protocol} {string.Join(',', answer.Ports.Select(static range => string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")))} from {answer.From} by {answer.Interface ?? "any"} to {answer.To}: {answer.Verdict}");

    private void Note(string change, ChangeEventKind kind, string? note) => tools.Journal.Add(change, new ChangeEvent(now(), kind, note));
}
