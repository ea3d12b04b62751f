using Portcullis.Core.Model.Rules;

namespace Portcullis.Os.Linux.Rules;

/// <summary>The rules of one namespace, or why they could not be read.</summary>
/// <param name="Dump">The rules; null where they were not told.</param>
/// <param name="Error">The errno of the refusal; 0 for none.</param>
/// <param name="Why">Another reason than a refusal; null for none.</param>
/// <param name="LegacyError">The errno for which the tables of the older iptables could not be read; 0 for none.</param>
internal sealed record RulesAnswer(RulesetDump? Dump, int Error, string? Why, int LegacyError);
