namespace Portcullis.Core.Firewall.Walk;

/// <summary>Decides what a packet alone does not tell.</summary>
/// <param name="key">What is asked; the same key is never asked twice in one walk.</param>
/// <param name="text">How it is told: "limit rate 3/minute", "meta skuid 0".</param>
/// <returns>Whether it holds.</returns>
public delegate bool WalkChance(string key, string text);
