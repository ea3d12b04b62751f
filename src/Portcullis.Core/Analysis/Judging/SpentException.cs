using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Exceptions that have expired, or that nothing needs any more.</summary>
internal sealed class SpentException : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Allowance one in judgement.Policy?.Allow ?? [])
        {
            Listener[] covered = [.. judgement.Listeners.Where(one.Covers)];
            string place = one.Line == 0 ? judgement.Policy!.Source : string.Create(CultureInfo.InvariantCulture, $"{judgement.Policy!.Source}:{one.Line}");
            string[] facts =
            [
                $"reason: {one.Reason}", .. one.Owner is string owner ? [$"owner: {owner}"] : Array.Empty<string>(),
                covered.Length == 0 ? "nothing that was seen needs it" : "it covered: " + string.Join("; ", covered.Select(Wording.Binding)),
            ];
            if (!one.HoldsAt(judgement.Snapshot.TakenAt))
            {
                yield return Spent(
                    "PC1003", Severity.Low, $"The exception for {one.Name} expired on {one.Expires:yyyy-MM-dd}", one, facts, place,
                    covered.Length == 0 ? $"take it out of {place}" : $"close what it allowed and take it out of {place}, or give it a new date there");
            }
            else if (covered.Length == 0 && (one.Key is null || (SubjectName.IsKey(one.Key) && !MayBeUnseen(judgement, one.Key))))
            {
                yield return Spent("PC1005", Severity.Info, $"Nothing needs the exception for {one.Name}", one, facts, place, $"take it out of {place}");
            }
        }
    }

    /// <summary>Whether something listens in its place whose holder could not be seen, so that it may well be the one.</summary>
    private static bool MayBeUnseen(Judgement judgement, string key) => judgement.Listeners.Any(listener =>
        listener.Holder.Kind == HolderKind.Unknown && listener.Key.AsSpan(0, listener.Key.LastIndexOf('/')).SequenceEqual(key.AsSpan(0, key.LastIndexOf('/'))));

    private static Finding Spent(string id, Severity severity, string title, Allowance one, string[] facts, string place, string remedy) => new()
    {
        Id = id,
        Severity = severity,
        Title = title,
        Subject = "exception:" + (one.Line == 0 ? one.Name : string.Create(CultureInfo.InvariantCulture, $"{one.Name}:{one.Line}")),
        Evidence = [.. facts],
        Remedy = remedy,
        Location = one.Line == 0 ? null : place,
    };
}
