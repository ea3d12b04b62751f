using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>
/// BPF programs of control groups: they see what the rules let through to a socket, and drop it or not. What the rules keep out they never
/// see (sk_filter_trim_cap in net/core/filter.c).
/// </summary>
internal static class GroupPrograms
{
    /// <summary>The exposure of a listener once these have been asked too.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="exposure">Its exposure by the rules.</param>
    internal static ImmutableArray<Exposure> Behind(Listener listener, ImmutableArray<Exposure> exposure)
    {
        if (listener.Programs.IsEmpty)
        {
            return exposure;
        }

        ImmutableArray<string> named = [.. listener.Programs.Select(program => ProgramText.Of(program, ""))];
        return
        [
            .. exposure.Select(one => one.Verdict is ReachVerdict.Reachable or ReachVerdict.Conditional
                ? one with { Verdict = ReachVerdict.Conditional, DependsOn = [.. one.DependsOn, .. named] }
                : one),
        ];
    }
}
