using System;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Applies the exceptions that name the subject of a finding.</summary>
internal static class Acceptance
{
    /// <summary>
    /// What looks like an intruder's work stays visible even where somebody accepted it: the next program under the same key may be
    /// another's.
    /// </summary>
    private static readonly string[] AlwaysShown = ["PC3001", "PC3002", "PC3003", "PC3005", "PC3013", "PC7002"];

    /// <summary>The finding as it is to be told; null where an exception has settled it.</summary>
    internal static Finding? Of(Finding finding, Judgement judgement)
    {
        Allowance? accepted = For(finding.Subject, judgement);
        return accepted is null ? finding
            : AlwaysShown.Contains(finding.Id, StringComparer.Ordinal) ? finding with { Severity = Severity.Info, Evidence = [.. finding.Evidence, Sentence(accepted)] }
            : null;
    }

    /// <summary>The exception that names a subject and holds; null for none.</summary>
    internal static Allowance? For(string subject, Judgement judgement) =>
        judgement.Policy?.Allow.FirstOrDefault(one => one.Key == subject && one.HoldsAt(judgement.Snapshot.TakenAt));

    private static string Sentence(Allowance accepted)
    {
        string who = accepted.Owner is string owner ? $" by {owner}" : "";
        string until = accepted.Expires is DateOnly last ? string.Create(CultureInfo.InvariantCulture, $" until {last:yyyy-MM-dd}") : "";
        return $"accepted{who}{until}: {accepted.Reason}";
    }
}
