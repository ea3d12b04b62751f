using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>The rules of one network namespace as the kernel told them, not yet decoded, so that a later version may understand more of them.</summary>
public sealed record RulesetDump
{
    private readonly ImmutableArray<LegacyTable> _legacy;

    /// <summary>
    /// The answers of nf_tables (linux/netfilter/nf_tables.h): whole netlink messages of the types NEWTABLE, NEWCHAIN, NEWSET, NEWSETELEM and
    /// NEWRULE, one behind the other, all of one generation.
    /// </summary>
    public required ReadOnlyMemory<byte> Messages { get; init; }

    /// <summary>
    /// All sets of ipset(8) where a rule looks one up: whole netlink messages (linux/netfilter/ipset/ip_set.h), one behind the other. Empty where none does,
    /// and where they were refused.
    /// </summary>
    public ReadOnlyMemory<byte> Ipsets { get; init; }

    /// <summary>Tables of the older iptables, which nf_tables does not tell: "ip filter", "ip6 nat". Empty where there are none.</summary>
    public ImmutableArray<string> LegacyTables { get; init; } = [];

    /// <summary>Those of <see cref="LegacyTables"/> that could be read.</summary>
    /// <remarks>Empty, too, in snapshots from before they were.</remarks>
    public ImmutableArray<LegacyTable> Legacy
    {
        get => _legacy.IsDefault ? [] : _legacy;
        init => _legacy = value;
    }
}
