using System;
using System.Globalization;
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
    private readonly ChangeHistory _history = new(tools.Journal);

    /// <summary>Makes the change that waits last.</summary>
    /// <param name="session">The way by which the user has come; null for none over the network.</param>
    /// <returns>The change, and why it will not be loaded when the machine starts; null where it will.</returns>
    /// <exception cref="ChangeException">There is none, it is not in force, it came too late, or over a connection that is older than the change.</exception>
    public (ChangeRecord Change, string? NotAtStart) Confirm(RemoteSession? session)
    {
        using IDisposable alone = tools.Journal.Lock();
        Forget();
        ChangeRecord change = _history.Last(ChangeState.Waiting, ChangeState.Confirming) ?? throw new ChangeException("no change waits for a confirmation" + _history.Fate);
        if (!change.Events.Any(static one => one.Kind == ChangeEventKind.Verified) || tools.Journal.Made(change.Id) is not string made || tools.Table.Listing(withCounts: false) != made)
        {
            throw new ChangeException($"the change {change.Id} is not in force as it was made: whoever can get in now proves nothing. Take it back (portcullis revert), and plan again");
        }

        RefuseOlder(change, session);
        if (!tools.Journal.TryDecide(change.Id, ChangeOutcome.Confirmed) && _history.Of(change.Id)?.Outcome != ChangeOutcome.Confirmed)
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
        ChangeRecord change = _history.Last(ChangeState.Waiting, ChangeState.Confirming, ChangeState.Reverting) ?? throw new ChangeException("no change waits for a confirmation" + _history.Fate);
        if (_history.StateOf(change) == ChangeState.Confirming && tools.Journal.Made(change.Id) == tools.Table.Listing(withCounts: false))
        {
            throw new ChangeException($"the change {change.Id} was confirmed already, if only in part: portcullis confirm, and then portcullis undo");
        }

        Revert(change.Id);
        return change;
    }

    /// <summary>Takes a change back that was confirmed.</summary>
    /// <param name="id">Its name; null for the last one.</param>
    /// <param name="cutOff">Tells of a script why the user would be locked out by it; null where a new connection would get in.</param>
    /// <returns>The change, and why the machine's start may bring something else; null where it will not.</returns>
    /// <exception cref="ChangeException">There is none, somebody has changed the same since, or it cannot be taken back.</exception>
    public (ChangeRecord Change, string? NotAtStart) Undo(string? id, Func<string, string?> cutOff)
    {
        ArgumentNullException.ThrowIfNull(cutOff);
        using IDisposable alone = tools.Journal.Lock();
        if (_history.Last(ChangeState.Waiting, ChangeState.Confirming, ChangeState.Reverting) is ChangeRecord other)
        {
            throw new ChangeException($"the change {other.Id} is not settled yet ({_history.Word(other)}): confirm it or revert it first");
        }

        Forget();
        ChangeRecord last = _history.Last(ChangeState.Confirmed, ChangeState.Undoing) ?? throw new ChangeException("no change is in force that could be undone" + _history.Fate);
        if (id is not null && id != last.Id)
        {
            throw new ChangeException(_history.Of(id) is not null
                ? $"the change {id} is not the last one in force: undo {last.Id} first"
                : $"there is no change '{id}': portcullis changes lists them");
        }

        string before = tools.Journal.Before(last.Id);
        if (_history.StateOf(last) == ChangeState.Confirmed)
        {
            if (tools.Journal.Made(last.Id) is not string made || tools.Table.Listing(withCounts: false) != made)
            {
                throw new ChangeException($"somebody has changed the table since {last.Id} was made, which undoing would lose: look at it (nft list table inet {OwnTable.Name}), and plan anew");
            }

            if (cutOff(before) is string why)
            {
                throw new ChangeException($"not undone: {why}");
            }

            tools.Journal.Add(last.Id, new ChangeEvent(now(), ChangeEventKind.Undoing, null));
        }

        tools.Table.Load(before);
        ChangeRecord? older = _history.All.LastOrDefault(one => one.Id != last.Id && _history.StateOf(one) == ChangeState.Confirmed && one.Events.Any(static what => what is { Kind: ChangeEventKind.Confirmed, Note: null }));
        string? notAtStart = tools.Boot.Keep(older is null ? null : tools.Journal.Making(older.Id));
        tools.Journal.Add(last.Id, new ChangeEvent(now(), ChangeEventKind.Undone, notAtStart));
        return (last, notAtStart);
    }

    /// <summary>Takes a change back that waits; whoever calls has the lock.</summary>
    internal void Revert(string change)
    {
        try
        {
            _ = tools.Journal.TryDecide(change, ChangeOutcome.Reverted); // where it was before, the reverter may have been stopped on its way
        }
        catch (ChangeException)
        {
            // A disk that takes nothing any more: to take back is the safe side, and whoever has the lock has seen that nobody decided otherwise.
        }

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

    /// <summary>What was written down and never made has nothing to take back: its revert must not meet what comes now.</summary>
    internal void Forget()
    {
        foreach (ChangeRecord change in _history.All.Where(one => one.Boot == tools.Journal.Boot && _history.StateOf(one) == ChangeState.Abandoned))
        {
            _ = tools.Journal.TryDecide(change.Id, ChangeOutcome.Reverted);
            tools.Journal.Add(change.Id, new ChangeEvent(now(), ChangeEventKind.Reverted, "it was never made"));
            tools.Reverter.Disarm(change.Id);
        }
    }

    /// <summary>A connection that stood before the rules did is let in as established, and proves nothing.</summary>
    private static void RefuseOlder(ChangeRecord change, RemoteSession? session)
    {
        if (change.Session is null || session is null)
        {
            return; // from the machine's own console nobody is locked out
        }

        string? made = change.Events.LastOrDefault(static one => one.Kind == ChangeEventKind.Made)?.Note;
        bool isYounger = session.Since is TimeSpan since && double.TryParse(made, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && since.TotalSeconds > seconds;
        bool isSame = session.Peer == change.Session.Peer && session.PeerPort == change.Session.PeerPort;
        if (isSame || !isYounger)
        {
            throw new ChangeException($"this connection ({session.Peer} port {session.PeerPort}) is older than the change, and new rules leave it alone: open a new one, not in tmux or screen, and confirm from there");
        }
    }
}
