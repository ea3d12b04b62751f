using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>What of the host others get to at present, which is what a firewall that keeps nobody out leaves open.</summary>
internal sealed class Openness
{
    private const int Named = 6;

    private Openness(ImmutableArray<Listener> open, int level)
    {
        Open = open;
        Level = level;
    }

    /// <summary>The listeners that others get to, without what every machine needs.</summary>
    internal ImmutableArray<Listener> Open { get; }

    /// <summary>2 where strangers get to something that no policy allows, 1 where others do, 0 where all of it is allowed or nothing is open.</summary>
    internal int Level { get; }

    /// <summary>Looks at the listeners of the host.</summary>
    internal static Openness Of(Judgement judgement)
    {
        ImmutableArray<Listener> open =
        [
            .. judgement.Listeners.Where(one => one.Namespace == NetworkNamespace.HostName && one.Protocol is not (Protocol.Raw or Protocol.Packet)
                && judgement.ExpectationOf(one).Role?.Name != Role.Base && !Unneeded.IsOfTheMoment(one, judgement.Snapshot) && one.Exposure.Any(static exposure => exposure.Zone != Zone.Host && GetsIn(exposure))),
        ];
        Listener[] unwanted = [.. open.Where(one => judgement.ExpectationOf(one).Expected != true)];
        int level = unwanted.Length == 0 ? 0 : unwanted.Any(static one => one.Scope is Scope.Any or Scope.Address && one.Exposure.Any(static exposure => exposure.Zone == Zone.Internet && GetsIn(exposure))) ? 2 : 1;
        return new Openness(open, level);
    }

    /// <summary>"22/tcp sshd, 80/tcp nginx and 3 more".</summary>
    internal string List()
    {
        string[] all = [.. Open.Select(static one => $"{Wording.Port(one)} {Wording.Holder(one)}").Distinct(StringComparer.Ordinal)];
        string named = string.Join(", ", all.Take(Named));
        return all.Length <= Named ? named : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{named} and {all.Length - Named} more");
    }

    private static bool GetsIn(Exposure exposure) => exposure.Verdict is ReachVerdict.Reachable or ReachVerdict.Conditional;
}
