using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>
/// Tells whether a ruleset makes the kernel track connections. It does so only where something asks for it (nf_ct_netns_get): a rule that looks at
/// the connection or translates, though not a chain of the type nat as such, which sees no packet without it.
/// </summary>
internal static class TrackingUse
{
    /// <summary>How it is told that it is not known.</summary>
    internal const string Text = "whether something else than these rules makes the kernel track connections";

    /// <summary>Whether connections of a version are tracked for certain. Rules of tables that are switched off count: they were loaded too.</summary>
    internal static bool IsCertain(Ruleset ruleset, IpVersion version) => ruleset.Tables.Any(table =>
        (table.Family == TableFamily.Inet || table.Family == (version == IpVersion.V4 ? TableFamily.Ip : TableFamily.Ip6))
        && table.Chains.Any(chain => chain.Rules.Any(rule => rule.Steps.Any(step => Asks(step, table.Family, version)))));

    private static bool Asks(RuleStep step, TableFamily family, IpVersion version) => step switch
    {
        MatchStep match => Asks(match.Operand),
        LookupStep lookup => Asks(lookup.Key),
        VerdictMapStep map => Asks(map.Key),
        AssignStep assign => assign.Field.Source == FieldSource.Connection || Asks(assign.Value),
        // In a table of both versions a translation to an address of one makes only that one tracked (nft_nat_init).
        TranslateStep { Kind: TranslationKind.Destination or TranslationKind.Source, Address: null } => family != TableFamily.Inet,
        TranslateStep translate => translate.Kind != TranslationKind.TransparentProxy && Translation.IsFor(translate, version),
        _ => false,
    };

    private static bool Asks(ValueSource value) => value switch
    {
        ComputedValue computed => Asks(computed.Operand),
        MappedValue mapped => Asks(mapped.Key),
        _ => false,
    };

    private static bool Asks(ImmutableArray<Operand> key) => key.Any(Asks);

    private static bool Asks(Operand operand) => operand.Field.Source == FieldSource.Connection;
}
