using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>What the firewall's rules say of packets from one address to one port of another.</summary>
/// <param name="Verdict">Whether they get in.</param>
/// <param name="By">The rule that decides; null where none does.</param>
/// <param name="To">Where they go after their destination was translated, where any of them may be; null where none is.</param>
internal sealed record Claim(ReachVerdict Verdict, string? By, string? To)
{
    /// <summary>The claim about packets that fare as the regions say; null for none.</summary>
    internal static Claim? Of(IReadOnlyCollection<ReachRegion> regions)
    {
        if (regions.Count == 0)
        {
            return null;
        }

        ReachRegion widest = regions.MaxBy(static region => region.Verdict)!;

        // Packets that differ in their source port, or in their interface where that is not known, and fare differently.
        bool isSettled = regions.All(region => region.Verdict == widest.Verdict);
        return new Claim(isSettled ? widest.Verdict : ReachVerdict.Conditional, widest.By?.ToString(), regions.Select(static region => region.To).FirstOrDefault(static to => to is not null));
    }
}
