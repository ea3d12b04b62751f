namespace Portcullis.Core.Text.Packages;

/// <summary>A package that dpkg has unpacked or installed.</summary>
/// <param name="Name">Its name without architecture.</param>
/// <param name="Architecture">Its architecture; null where the database does not say.</param>
/// <param name="Version">Its version; null where the database does not say.</param>
public sealed record DpkgPackage(string Name, string? Architecture, string? Version);
