namespace Portcullis.Core.Model;

/// <summary>One route of a namespace: by which interface packets to a block of addresses leave.</summary>
/// <param name="Prefix">The first address of the block.</param>
/// <param name="Length">The leading bits that all of its addresses share.</param>
/// <param name="Interface">The index of the interface.</param>
public sealed record NetworkRoute(IpAddress Prefix, int Length, int Interface);
