using System;
using System.Linq;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;
using Portcullis.Core.Wire.Nft;
using Portcullis.Core.Wire.Xtables;

namespace Portcullis.Core.Wire.Rulesets;

/// <summary>All rules of a namespace, whoever keeps them: nf_tables, the older iptables, and the sets of ipset that either looks up.</summary>
public static class DumpedRuleset
{
    /// <summary>Those of nf_tables.</summary>
    /// <param name="dump">What the kernel told.</param>
    /// <param name="legacy">Those of the older iptables.</param>
    public static Ruleset Decode(RulesetDump dump, out Ruleset legacy)
    {
        ArgumentNullException.ThrowIfNull(dump);
        Ipsets ipsets = Ipsets.Decode(dump.Ipsets.Span);
        Ruleset ruleset = NftRuleset.Decode(dump.Messages.Span, ipsets);
        legacy = XtablesRuleset.Decode(dump.Legacy, ipsets);
        legacy = legacy with { Tables = [.. legacy.Tables.Select(ipsets.Lend)] };
        return ruleset with { Tables = [.. ruleset.Tables.Select(ipsets.Lend)] };
    }
}
