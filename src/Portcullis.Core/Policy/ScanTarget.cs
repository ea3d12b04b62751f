namespace Portcullis.Core.Policy;

/// <summary>Addresses that may be scanned from here.</summary>
/// <param name="Block">The addresses.</param>
/// <param name="Owner">Who answers for them; null where nobody was named.</param>
public sealed record ScanTarget(AddressBlock Block, string? Owner);
