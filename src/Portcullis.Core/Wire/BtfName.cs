namespace Portcullis.Core.Wire;

/// <summary>What a type of BTF is looked up by: structures and functions may share a name.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The whole name, ASCII, not empty.</param>
public readonly record struct BtfName(BtfKind Kind, string Name);
