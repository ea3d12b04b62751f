namespace Portcullis.Core.Model;

/// <summary>Something that was not seen, so that nobody takes its absence for a fact.</summary>
/// <param name="What">What is missing, such as "owner of 3 sockets".</param>
/// <param name="Why">Why it could not be had, such as "not root".</param>
/// <param name="Remedy">What the user can do about it; null where nothing is known to help.</param>
public sealed record Gap(string What, string Why, string? Remedy);
