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
    private readonly ChangeHistory _history = new(tools.Journal);

    /// <summary>Carries a plan out. It then waits for its confirmation.</summary>
    /// <param name="plan">The plan that was agreed to, which has steps.</param>
    /// <param name="policy">The policy that it carries out.</param>
    /// <param name="by">Who does so.</param>
    /// <param name="session">The way by which they have come; null for none over the network.</param>
    /// <param name="patience">How long it waits for its confirmation.</param>
    /// <param name="look">Takes the facts anew.</param>
    /// <param name="draw">Draws the plan anew: while its user thought, something may have changed.</param>
    /// <returns>The change's name.</returns>
    /// <exception cref="ChangeException">It was not made, or taken back: the machine is as it was, unless the message says otherwise.</exception>
    public string Run(Plan plan, HostPolicy policy, string by, RemoteSession? session, TimeSpan patience, Func<Snapshot> look, Func<Snapshot, Plan> draw)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(look);
        ArgumentNullException.ThrowIfNull(draw);
        using IDisposable alone = tools.Journal.Lock();
        if (_history.Last(ChangeState.Waiting, ChangeState.Confirming, ChangeState.Reverting, ChangeState.Undoing) is ChangeRecord other)
        {
            throw new ChangeException($"the change {other.Id} is not settled yet ({_history.Word(other)}): portcullis confirm makes it last, portcullis revert takes it back");
        }

        Plan present = draw(look());
        if (present.Id != plan.Id || present.Refused != plan.Refused)
        {
            throw new ChangeException($"what the plan touches has changed while it was looked at: it would now be {present.Id}. Plan again");
        }

        new SettleChange(tools, now).Forget();
        string making = string.Concat(plan.Steps.Select(static step => step.Script));
        string before = OwnTable.Removal + tools.Table.Listing(withCounts: true);
        tools.Table.Check(before); // what cannot be loaded again is not replaced
        ChangeRecord change = Described(plan, by, session, patience);
        tools.Journal.Begin(change, making, before);
        Note(change.Id, ChangeEventKind.Armed, tools.Reverter.Arm(change.Id, patience));
        Note(change.Id, ChangeEventKind.Making, null);
        try
        {
            tools.Table.Load(making);
            if (_history.Of(change.Id)?.Outcome is not null)
            {
                throw new ChangeException("it took so long to make that its time was over: nothing would take it back");
            }

            tools.Journal.KeepMade(change.Id, tools.Table.Listing(withCounts: false) ?? throw new ChangeException("the table was loaded and is not there"));
            Note(change.Id, ChangeEventKind.Made, tools.Journal.Uptime.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture));
            Verify(plan, policy, look());
            Note(change.Id, ChangeEventKind.Verified, null);
        }
#pragma warning disable CA1031 // whatever went wrong: the rules are taken back
        catch (Exception failed)
#pragma warning restore CA1031
        {
            TakeBack(change.Id, failed);
            throw;
        }

        return change.Id;
    }

    private ChangeRecord Described(Plan plan, string by, RemoteSession? session, TimeSpan patience)
    {
        // Names sort by time, also where the clock was set back.
        DateTimeOffset at = now();
        at = _history.All.Select(static one => one.At.AddSeconds(1)).Append(at).Max();
        return new ChangeRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMMdd-HHmmss}-{plan.Id}"),
            Plan = plan.Id,
            Policy = plan.Policy,
            By = by,
            At = at,
            Effects = [.. plan.Steps.Select(static step => step.Effect)],
            Patience = patience,
            Boot = tools.Journal.Boot,
            Network = tools.Journal.Network,
            Session = session,
            Events = [new ChangeEvent(at, ChangeEventKind.Begun, null)],
        };
    }

    private void TakeBack(string change, Exception failed)
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

        if (found.Answers.IsEmpty || found.Answers.Length != plan.After.Answers.Length || found.Gaps.Except(plan.After.Gaps).Any())
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
