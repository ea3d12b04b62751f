namespace Portcullis.Core.Wire.Nft;

/// <summary>What an element of a set is, as the kernel tells it. Where two have the same key, the end of a range comes before the next one.</summary>
internal static class ElementMark
{
    /// <summary>Behind the last key of a range (NFT_SET_ELEM_INTERVAL_END).</summary>
    internal const byte End = 0;

    /// <summary>A key, or in a set of intervals the first of a range.</summary>
    internal const byte Start = 1;

    /// <summary>A range with an end of its own (NFTA_SET_ELEM_KEY_END).</summary>
    internal const byte Range = 2;

    /// <summary>Every other key (NFT_SET_ELEM_CATCHALL).</summary>
    internal const byte CatchAll = 3;
}
