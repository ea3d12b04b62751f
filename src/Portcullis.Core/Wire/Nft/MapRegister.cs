using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>A value out of a map.</summary>
internal sealed class MapRegister(ImmutableArray<Operand> key, NftSet map) : RegisterValue(map.DataLength)
{
    internal ImmutableArray<Operand> Key { get; } = key;

    internal NftSet Map { get; } = map;

    /// <summary>Whether some step says that the rule holds only where the map has the key.</summary>
    internal bool IsSaid { get; set; }
}
