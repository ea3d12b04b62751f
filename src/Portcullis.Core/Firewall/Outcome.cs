namespace Portcullis.Core.Firewall;

/// <summary>What has become of a packet, by which rule, and how it looks now.</summary>
/// <param name="Kind">What.</param>
/// <param name="By">The number of the place that decided (a <see cref="RulePlace"/>); 0 for none.</param>
/// <param name="State">The number of the packet's state.</param>
internal readonly record struct Outcome(OutcomeKind Kind, int By, int State);
