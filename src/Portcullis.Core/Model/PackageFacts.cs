namespace Portcullis.Core.Model;

/// <summary>An installed package.</summary>
/// <param name="Name">The package's name without architecture.</param>
/// <param name="Version">The installed version, as its manager writes it; null where it was not found.</param>
/// <param name="Manager">Whose database says so: "dpkg", "rpm" or "apk".</param>
public sealed record PackageFacts(string Name, string? Version, string Manager);
