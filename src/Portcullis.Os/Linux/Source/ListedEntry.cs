namespace Portcullis.Os.Linux.Source;

/// <summary>One entry of a directory.</summary>
/// <param name="Kind">The letter of its kind, as <see cref="ISource.Directory"/> gives it.</param>
/// <param name="Name">Its name.</param>
internal sealed record ListedEntry(char Kind, string Name);
