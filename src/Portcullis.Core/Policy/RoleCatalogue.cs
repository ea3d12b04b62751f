using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Portcullis.Core.Policy;

/// <summary>The roles that Portcullis brings with it.</summary>
public sealed class RoleCatalogue
{
    private readonly Dictionary<string, Role> _byName;

    /// <summary>A catalogue of these roles.</summary>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public RoleCatalogue(IEnumerable<Role> roles)
    {
        _byName = roles.ToDictionary(role => role.Name, StringComparer.Ordinal);
        Roles = [.. _byName.Values.OrderBy(role => role.Name, StringComparer.Ordinal)];
    }

    /// <summary>The roles, by name.</summary>
    public ImmutableArray<Role> Roles { get; }

    /// <summary>The role of that name; null for none.</summary>
    public Role? Find(string name) => _byName.GetValueOrDefault(name);
}
