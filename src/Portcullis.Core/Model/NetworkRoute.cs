namespace Portcullis.Core.Model;

/// <summary>One route of a namespace: by which interface packets to a block of addresses leave.</summary>
/// <param name="Prefix">The first address of the block.</param>
/// <param name="Length">The leading bits that all of its addresses share.</param>
/// <param name="Interface">The index of the interface.</param>
/// <param name="Table">The routing table (RT_TABLE_ constants of linux/rtnetlink.h): 254 is the main one; others are asked by rules of policy routing, or belong to a VRF.</param>
public sealed record NetworkRoute(IpAddress Prefix, int Length, int Interface, uint Table = NetworkRoute.MainTable)
{
    /// <summary>The main table's number (RT_TABLE_MAIN).</summary>
    public const uint MainTable = 254;
}
