using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Xtables;

/// <summary>
/// Gathers the chains of a table while its entries are gone through in order: a chain of the kernel's own ends with its policy, a user's chain
/// where the next one begins.
/// </summary>
internal sealed class ChainList
{
    private readonly List<FirewallRule> _rules = [];
    private string? _name;
    private bool _isBuiltIn;

    /// <summary>Those that have ended.</summary>
    internal List<FirewallChain> Ended { get; } = [];

    /// <summary>Whether entries belong to a chain now.</summary>
    internal bool IsOpen => _name is not null;

    /// <summary>The number of the next rule, as iptables counts.</summary>
    internal int NextNumber { get; private set; } = 1;

    /// <summary>Begins a chain; false where the one before it lacks its policy.</summary>
    internal bool Begin(string name, bool isBuiltIn)
    {
        bool isRight = Finish();
        _name = name;
        _isBuiltIn = isBuiltIn;
        return isRight;
    }

    /// <summary>A rule, which may have become two.</summary>
    internal void Add(IEnumerable<FirewallRule> rule)
    {
        _rules.AddRange(rule);
        NextNumber++;
    }

    /// <summary>Ends a chain of the kernel's own.</summary>
    internal void End(BaseHook hook)
    {
        Ended.Add(new FirewallChain { Name = _name!, Hook = hook, Rules = [.. _rules] });
        Clear();
    }

    /// <summary>Ends a user's chain; false where the chain was none.</summary>
    internal bool Finish()
    {
        if (_name is not null && !_isBuiltIn)
        {
            Ended.Add(new FirewallChain { Name = _name, Rules = [.. _rules] });
        }

        bool isRight = _name is null || !_isBuiltIn;
        Clear();
        return isRight;
    }

    /// <summary>Whether no two have the same name.</summary>
    internal bool AreDistinct => Ended.Select(chain => chain.Name).Distinct(StringComparer.Ordinal).Count() == Ended.Count;

    private void Clear()
    {
        _rules.Clear();
        _name = null;
        NextNumber = 1;
    }
}
