using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary>Drafts a policy that allows what a machine does now.</summary>
public static class Suggest
{
    /// <summary>The draft.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    public static PolicyDraft Of(Snapshot snapshot, RoleCatalogue catalogue)
    {
        Assessment bare = Judge.Of(snapshot, policy: null, catalogue);
        ImmutableArray<Role> roles = Useful([.. bare.LikelyRoles.Select(name => catalogue.Find(name)!)], snapshot, catalogue);
        HostPolicy policy = new() { Source = "the draft", Roles = roles };
        Assessment judged = Judge.Of(snapshot, policy, catalogue);
        ILookup<string, Finding> advice = bare.Findings.ToLookup(finding => finding.Subject, StringComparer.Ordinal);
        return new PolicyDraft
        {
            Roles = roles,
            Allowed = [.. judged.Listeners.Where(listener => listener.Expected == true).Select(listener => new DraftLine(listener, [.. advice[listener.Key]]))],
            Exceptions = [.. Excepted(judged).Select(listener => new DraftLine(listener, [.. advice[listener.Key]]) { IsOfTheMoment = Unneeded.IsOfTheMoment(listener, snapshot) && Passes(judged, listener) })],
            Others = [.. judged.Findings.Where(finding => judged.Listeners.All(listener => listener.Key != finding.Subject))],
            Gaps = snapshot.Gaps,
        };
    }

    /// <summary>What a policy must except so that the present state passes: what no role allows, and every other finding about a listener.</summary>
    private static IEnumerable<Listener> Excepted(Assessment judged)
    {
        HashSet<string> subjects = [.. judged.Findings.Where(finding => finding.Severity > Severity.Info).Select(finding => finding.Subject)];
        return judged.Listeners.Where(listener => listener.Expected == false || subjects.Contains(listener.Key)).DistinctBy(listener => listener.Key, StringComparer.Ordinal);
    }

    private static bool Passes(Assessment judged, Listener listener) =>
        judged.Findings.All(finding => finding.Subject != listener.Key || finding.Severity == Severity.Info);

    /// <summary>Of roles that allow the same listeners, those that need the fewest services which are not there.</summary>
    private static ImmutableArray<Role> Useful(ImmutableArray<Role> likely, Snapshot snapshot, RoleCatalogue catalogue)
    {
        ImmutableArray<Role>.Builder chosen = ImmutableArray.CreateBuilder<Role>();
        HashSet<string> allowed = Allowed([]);
        foreach (Role role in likely.OrderBy(role => Judge.Of(snapshot, new HostPolicy { Source = "", Roles = [role] }, catalogue).Findings.Count(finding => finding.Id == "PC1002")).ThenBy(role => role.Name, StringComparer.Ordinal))
        {
            HashSet<string> with = Allowed([.. chosen, role]);
            if (with.Count > allowed.Count)
            {
                chosen.Add(role);
                allowed = with;
            }
        }

        return [.. chosen.OrderBy(role => role.Name, StringComparer.Ordinal)];

        HashSet<string> Allowed(ImmutableArray<Role> roles) =>
        [
            .. Judge.Of(snapshot, new HostPolicy { Source = "", Roles = roles }, catalogue).Listeners
                .Where(listener => listener.Expected == true).Select(listener => listener.Key),
        ];
    }
}
