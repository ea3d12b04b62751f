using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;

namespace Portcullis.Core.Operations;

/// <summary><c>portcullis verify</c>: whether what was changed is still so, and by the policy nothing more is to be done.</summary>
public static class VerifyChange
{
    /// <summary>The last change in force; null for none.</summary>
    /// <exception cref="ChangeException">The journal cannot be read.</exception>
    public static ChangeRecord? InForce(IJournal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return new ChangeHistory(journal).Last(ChangeState.Confirmed, ChangeState.Confirming, ChangeState.Waiting);
    }

    /// <summary>What no longer holds, a sentence each.</summary>
    /// <param name="tools">What tells of the change.</param>
    /// <param name="change">The change.</param>
    /// <param name="plan">What would be to be done now.</param>
    /// <exception cref="ChangeException">It cannot be told.</exception>
    public static ImmutableArray<string> Of(ChangeTools tools, ChangeRecord change, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(plan);
        List<string> broken = [];
        string? listing = tools.Table.Listing(withCounts: false);
        ChangeState state = ChangeStates.Of(change, tools.Journal.Boot);
        if (listing is null)
        {
            broken.Add($"the table inet {OwnTable.Name} is gone: portcullis apply makes it again");
        }
        else if (tools.Journal.Made(change.Id) is string made && listing != made)
        {
            broken.Add($"the table inet {OwnTable.Name} is not as it was made: somebody has changed it (nft list table inet {OwnTable.Name})");
        }

        if (state != ChangeState.Confirmed)
        {
            broken.Add($"the change {change.Id} {(state == ChangeState.Waiting ? "waits to be confirmed, and is taken back else" : "was confirmed only in part")}: portcullis confirm");
        }
        else if (tools.Boot.Kept() != tools.Journal.Making(change.Id))
        {
            broken.Add("what loads it when the machine starts is missing, or loads something else");
        }

        if (!plan.Steps.IsEmpty)
        {
            broken.Add($"by {plan.Policy} there is more to do: portcullis plan");
        }

        return [.. broken];
    }
}
