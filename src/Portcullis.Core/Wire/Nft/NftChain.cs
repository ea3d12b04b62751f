using System.Collections.Generic;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>A chain while it is read.</summary>
internal sealed class NftChain(string name, BaseHook? hook)
{
    internal string Name { get; } = name;

    internal BaseHook? Hook { get; } = hook;

    internal List<FirewallRule> Rules { get; } = [];
}
