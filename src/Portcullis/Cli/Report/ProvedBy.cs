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
        // A twin is asked from every zone, and REACHED FROM says already what is to be found then.
        Proof[] all = [.. listeners.SelectMany(static listener => listener.Proofs)];
        Proof[] proofs = [.. all.Where(static proof => !proof.IsTwin || proof.Outcome is ProofOutcome.Contradicted or ProofOutcome.Untold)];
        if (proofs.Length == 0 && all.Length > 0)
        {
            return "as claimed";
        }

        bool isBoth = proofs.Select(static proof => proof.Address.Version).Distinct().Count() == 2;
        return string.Join("; ", proofs.OrderByDescending(static proof => proof.Outcome).GroupBy(Word).Select(same => $"{same.Key} {Names(same, isBoth)}"));
    }

    /// <summary>Who found that, and over which IP version where they do not agree.</summary>
    private static string Names(IEnumerable<Proof> same, bool isBoth) => string.Join(", ", same.GroupBy(static proof => proof.From, StringComparer.Ordinal).Select(one =>
        isBoth && one.Select(static proof => proof.Address.Version).Distinct().ToArray() is [IpVersion only] ? $"{one.Key} over {(only == IpVersion.V4 ? "IPv4" : "IPv6")}" : one.Key));

    /// <summary>How loud that is to be said.</summary>
    internal static Style StyleOf(IReadOnlyCollection<Listener> listeners) =>
        listeners.Any(static listener => listener.Proofs.Any(static proof => proof.Outcome == ProofOutcome.Contradicted)) ? Style.Alarming : Style.Plain;

    private static string Word(Proof proof) => proof.Outcome switch
    {
        ProofOutcome.Untold => "not found out from",
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
