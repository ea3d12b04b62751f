namespace Portcullis.Core.Wire;

/// <summary>One type of a <see cref="Btf"/>, by its place.</summary>
/// <param name="Id">Its number, from 1; 0 where it was not found.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Its size in bytes for kinds that have one; for others the number of the type it refers to.</param>
/// <param name="Members">How many members (or values, or parameters) follow.</param>
/// <param name="At">Where these begin, in bytes from the start of the types.</param>
public readonly record struct BtfType(int Id, BtfKind Kind, uint Size, int Members, int At)
{
    /// <summary>Whether it was found.</summary>
    public bool Exists => Id != 0;
}
