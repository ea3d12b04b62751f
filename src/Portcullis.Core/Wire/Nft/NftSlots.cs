using System.Runtime.CompilerServices;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Where the attributes of an expression lie, by type.</summary>
[InlineArray(Count)]
internal struct NftSlots
{
    /// <summary>More than any expression has.</summary>
    internal const int Count = 24;

    private long _first;
}
