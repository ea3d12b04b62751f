using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Core.Wire.Nft;

namespace Portcullis.Core.Operations;

/// <summary>Tells who can reach what on a host, by its firewall's rules alone.</summary>
public static class WhoReaches
{
    /// <summary>The answers, and of what was not seen all that bears on them.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="inquiry">What is asked.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ReachReport Of(Snapshot snapshot, ReachInquiry inquiry, HostPolicy? policy)
    {
        ImmutableArray<Gap> gaps = [.. snapshot.Gaps.Where(gap => gap.What.StartsWith("firewall rules", System.StringComparison.Ordinal))];
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName);
        if (host?.Rules is not RulesetDump dump)
        {
            return new ReachReport([], gaps.IsEmpty ? [new Gap("firewall rules", "the snapshot holds none", "take it again, as root: portcullis inspect")] : gaps);
        }

        if (!dump.LegacyTables.IsEmpty)
        {
            Gap legacy = new("firewall rules", $"those of the older iptables are not read yet: {string.Join(", ", dump.LegacyTables)}", null);
            return new ReachReport([], [.. gaps, legacy]);
        }

        ReachReport report = ReachTable.Of(host, NftRuleset.Decode(dump.Messages.Span), inquiry, policy);
        return report with { Gaps = [.. gaps, .. report.Gaps] };
    }
}
