namespace Portcullis.Core.Firewall.Walk;

/// <summary>Something that a packet met on its way.</summary>
/// <param name="Hook">The hook, such as "input".</param>
/// <param name="Place">The rule, or for a chain's policy the chain; null for what the kernel does by itself.</param>
/// <param name="Did">What came of it: "accept", "jump web", "mark 7", "depends on: limit rate 3/minute".</param>
public sealed record WalkEvent(string Hook, RulePlace? Place, string Did);
