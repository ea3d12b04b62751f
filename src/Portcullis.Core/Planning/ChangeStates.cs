using System;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Planning;

/// <summary>Tells by its journal how a change stands: also where whoever made it was killed at any instant.</summary>
public static class ChangeStates
{
    /// <summary>The state.</summary>
    /// <param name="change">The change.</param>
    /// <param name="boot">Which run of the machine this is.</param>
    public static ChangeState Of(ChangeRecord change, string boot)
    {
        ArgumentNullException.ThrowIfNull(change);
        bool Has(ChangeEventKind kind) => change.Events.Any(one => one.Kind == kind);
        bool isOfNow = change.Boot == boot;
        return Has(ChangeEventKind.Undone) ? ChangeState.Undone
            : Has(ChangeEventKind.Undoing) ? ChangeState.Undoing
            : change.Events.LastOrDefault(static one => one.Kind == ChangeEventKind.Confirmed) is ChangeEvent confirmed ? confirmed.Note is null || isOfNow ? ChangeState.Confirmed : ChangeState.LostAtRestart // which nothing has loaded again
            : Has(ChangeEventKind.Reverted) ? ChangeState.Reverted
            : !Has(ChangeEventKind.Making) ? ChangeState.Abandoned
            : change.Outcome == ChangeOutcome.Confirmed ? ChangeState.Confirming
            : !isOfNow ? ChangeState.LostAtRestart // rules are gone with the kernel, and nothing had been kept for its start
            : change.Outcome == ChangeOutcome.Reverted ? ChangeState.Reverting
            : ChangeState.Waiting;
    }

    /// <summary>A state in words.</summary>
    public static string Word(ChangeState state) => state switch
    {
        ChangeState.Abandoned => "not made",
        ChangeState.Waiting => "waits to be confirmed",
        ChangeState.Confirming => "in force; confirm was cut short: confirm again",
        ChangeState.Confirmed => "in force",
        ChangeState.Reverting => "may be in force; its revert was cut short: revert again",
        ChangeState.Reverted => "taken back",
        ChangeState.LostAtRestart => "gone with a restart before it was confirmed",
        ChangeState.Undoing => "may be in force; undo was cut short: undo again",
        ChangeState.Undone => "undone",
    };
}
