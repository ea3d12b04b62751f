using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Counts what a host offers, and what of it its policy allows.</summary>
internal static class ServiceCount
{
    /// <summary>The count; null without a policy, and where not everything that is installed was read: then a part would sound like the whole.</summary>
    internal static ServiceCompliance? Of(Judgement judgement)
    {
        if (judgement.Policy is not HostPolicy policy || judgement.Snapshot.Stopped is null)
        {
            return null;
        }

        // A service is whoever holds the ports; it is allowed where all that it offers is.
        bool[] running =
        [
            .. judgement.Listeners.Where(one => one.Namespace == NetworkNamespace.HostName && one.Protocol is not (Protocol.Raw or Protocol.Packet) && !Unneeded.IsOfTheMoment(one, judgement.Snapshot))
                .GroupBy(one => one.Holder).Select(same => same.All(one => judgement.ExpectationOf(one).Expected != false)),
        ];
        (bool IsAllowed, bool IsOn)[] stopped = [.. InstalledService.Of(judgement).Select(one => (one.IsAllowed || IsAccepted(policy, one, judgement.Snapshot), one.StartsAtBoot))];
        return new ServiceCompliance(
            policy.Roles.Sum(role => role.Services.Length) + policy.Allow.Count(one => one.HoldsAt(judgement.Snapshot.TakenAt)),
            running.Count(one => one) + stopped.Count(one => one.IsAllowed),
            stopped.Count(one => !one.IsAllowed && !one.IsOn),
            running.Count(one => !one) + stopped.Count(one => !one.IsAllowed && one.IsOn));
    }

    /// <summary>Whether an exception names the unit itself.</summary>
    private static bool IsAccepted(HostPolicy policy, InstalledService service, Snapshot snapshot) =>
        policy.Allow.Any(one => one.Key == "unit:" + service.Unit.Name && one.HoldsAt(snapshot.TakenAt));
}
