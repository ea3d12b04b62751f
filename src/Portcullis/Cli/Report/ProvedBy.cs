using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Says in a word or two what packets from elsewhere found of a listener.</summary>
internal static class ProvedBy
{
    /// <summary>"answers web2", "NOT AS CLAIMED: answers web2", "silent to web2", "web2 is stopped before"; empty where nobody asked.</summary>
    internal static string Of(IReadOnlyCollection<Listener> listeners)
    {
        Proof[] proofs = [.. listeners.SelectMany(static listener => listener.Proofs)];
        return string.Join("; ", proofs.OrderByDescending(static proof => proof.Outcome).GroupBy(Word).Select(static same => $"{same.Key} {string.Join(", ", same.Select(static proof => proof.From).Distinct(StringComparer.Ordinal))}"));
    }

    /// <summary>How loud that is to be said.</summary>
    internal static Style StyleOf(IReadOnlyCollection<Listener> listeners) =>
        listeners.Any(static listener => listener.Proofs.Any(static proof => proof.Outcome == ProofOutcome.Contradicted)) ? Style.Alarming : Style.Plain;

    private static string Word(Proof proof) => proof.Outcome switch
    {
        ProofOutcome.Untold => "not told to",
        ProofOutcome.StoppedBefore => "stopped before here:",
        ProofOutcome.Contradicted => "NOT AS CLAIMED: " + Answer(proof.Seen),
        _ => Answer(proof.Seen),
    };

    private static string Answer(PortState state) => state switch
    {
        PortState.Open => "answers",
        PortState.Closed or PortState.Rejected => "refuses",
        _ => "silent to",
    };
}
