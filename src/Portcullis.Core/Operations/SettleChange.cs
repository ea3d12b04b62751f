using System;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis confirm</c>, <c>revert</c> and <c>undo</c>: decides what becomes of a change that was made.</summary>
/// <param name="tools">What it takes.</param>
/// <param name="now">Tells the time, UTC.</param>
public sealed class SettleChange(ChangeTools tools, Func<DateTimeOffset> now)
{
    /// <summary>The change that waits for its confirmation; null for none.</summary>
    public static ChangeRecord? Waiting(IJournal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return journal.Read(out _).LastOrDefault(one => ChangeStates.Of(one, journal.Boot) == ChangeState.Waiting);
    }

    /// <summary>Makes the change that waits last.</summary>
    /// <param name="session">The way by which the user has come; null for none over the network.</param>
    /// <returns>The change, and why it will not be loaded when the machine starts; null where it will.</returns>
    /// <exception cref="ChangeException">There is none, it came too late, or over the connection that an applied lock-out would have left alone.</exception>
    public (ChangeRecord Change, string? NotAtStart) Confirm(RemoteSession? session)
    {
        using IDisposable alone = tools.Journal.Lock();
        ChangeRecord change = Last(ChangeState.Waiting, ChangeState.Confirming) ?? throw new ChangeException("no change waits for a confirmation" + Fate());
        if (change.Session is RemoteSession made && made == session)
        {
            throw new ChangeException($"this is the connection over which the change was made ({made.Peer} port {made.PeerPort}), which new rules leave alone: open a new one, and confirm from there");
        }

        if (!tools.Journal.TryDecide(change.Id, ChangeOutcome.Confirmed) && change.Outcome != ChangeOutcome.Confirmed)
        {
            throw new ChangeException($"the change {change.Id} is being taken back: its time was over");
        }

        tools.Reverter.Disarm(change.Id);
        string? notAtStart = tools.Boot.Keep(tools.Journal.Making(change.Id));
        tools.Journal.Add(change.Id, new ChangeEvent(now(), ChangeEventKind.Confirmed, notAtStart));
        return (change, notAtStart);
    }

    /// <summary>Takes the change that waits back at once.</summary>
    /// <exception cref="ChangeException">There is none, or it cannot be taken back.</exception>
    public ChangeRecord RevertLast()
    {
        using IDisposable alone = tools.Journal.Lock();
        ChangeRecord change = Last(ChangeState.Waiting, ChangeState.Reverting) ?? throw new ChangeException("no change waits for a confirmation" + Fate());
        Revert(change.Id);
        return change;
    }

    /// <summary>Takes a change back that was confirmed.</summary>
    /// <param name="id">Its name; null for the last one.</param>
    /// <exception cref="ChangeException">There is none, somebody has changed the same since, or it cannot be taken back.</exception>
    public ChangeRecord Undo(string? id)
    {
        using IDisposable alone = tools.Journal.Lock();
        ChangeRecord last = Last(ChangeState.Confirmed) ?? throw new ChangeException("no change is in force that could be undone" + Fate());
        if (id is not null && id != last.Id)
        {
            throw new ChangeException(tools.Journal.Read(out _).Any(one => one.Id == id)
                ? $"the change {id} is not the last one in force: undo {last.Id} first"
                : $"there is no change '{id}': portcullis changes lists them");
        }

        if (tools.Journal.Made(last.Id) is not string made || tools.Table.Listing(withCounts: false) != made)
        {
            throw new ChangeException($"somebody has changed the table since {last.Id} was made, which undoing would lose: look at it (nft list table inet {OwnTable.Name}), and plan anew");
        }

        tools.Table.Load(tools.Journal.Before(last.Id));
        ChangeRecord? older = tools.Journal.Read(out _).LastOrDefault(one => one.Id != last.Id && ChangeStates.Of(one, tools.Journal.Boot) == ChangeState.Confirmed);
        _ = tools.Boot.Keep(older is null ? null : tools.Journal.Making(older.Id));
        tools.Journal.Add(last.Id, new ChangeEvent(now(), ChangeEventKind.Undone, null));
        return last;
    }

    /// <summary>Takes a change back that waits; whoever calls has the lock.</summary>
    internal void Revert(string change)
    {
        _ = tools.Journal.TryDecide(change, ChangeOutcome.Reverted); // where it was before, the reverter may have been stopped on its way
        try
        {
            tools.Table.Load(tools.Journal.Before(change));
        }
        catch (ChangeException failed)
        {
            throw new ChangeException($"THE CHANGE {change} COULD NOT BE TAKEN BACK: {failed.Message}; as root: nft delete table inet {OwnTable.Name}");
        }

        tools.Journal.Add(change, new ChangeEvent(now(), ChangeEventKind.Reverted, null));
        tools.Reverter.Disarm(change);
    }

    private ChangeRecord? Last(params ChangeState[] states) =>
        tools.Journal.Read(out _).LastOrDefault(one => states.Contains(ChangeStates.Of(one, tools.Journal.Boot)));

    /// <summary>What became of the last change, for who looks for it in vain.</summary>
    private string Fate() => tools.Journal.Read(out _).LastOrDefault() is ChangeRecord last
        ? $" (the last one, {last.Id}: {ChangeStates.Word(ChangeStates.Of(last, tools.Journal.Boot))})"
        : "";
}
