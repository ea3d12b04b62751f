using System;
using System.Collections.Generic;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>A table while it is read.</summary>
internal sealed class NftTable(TableFamily family, string name, bool isDormant)
{
    internal TableFamily Family { get; } = family;

    internal string Name { get; } = name;

    internal List<NftChain> Chains { get; } = [];

    internal Dictionary<string, NftChain> ChainsByName { get; } = new(StringComparer.Ordinal);

    internal List<NftSet> Sets { get; } = [];

    internal Dictionary<string, NftSet> SetsByName { get; } = new(StringComparer.Ordinal);

    internal FirewallTable ToModel() => new()
    {
        Family = Family,
        Name = Name,
        IsDormant = isDormant,
        Chains = [.. Chains.ConvertAll(chain => new FirewallChain { Name = chain.Name, Hook = chain.Hook, Rules = [.. chain.Rules] })],
        Sets = [.. Sets.ConvertAll(set => set.ToModel())],
    };
}
