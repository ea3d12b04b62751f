using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>Gives roles the services of the roles that they include.</summary>
internal static class RoleInclusion
{
    /// <summary>Resolves them.</summary>
    /// <param name="roles">The roles as they were read.</param>
    /// <param name="others">Gives roles from elsewhere, resolved already; null for none of the name.</param>
    /// <exception cref="InputException">A role includes one that is not there, or itself.</exception>
    internal static IEnumerable<Role> Resolve(IEnumerable<Role> roles, Func<string, Role?> others)
    {
        Dictionary<string, Role> own = roles.ToDictionary(role => role.Name, StringComparer.Ordinal);
        Dictionary<string, Role> resolved = new(StringComparer.Ordinal);
        List<string> way = [];
        foreach (Role role in own.Values)
        {
            yield return Of(role);
        }

        Role Of(Role role)
        {
            if (resolved.TryGetValue(role.Name, out Role? done))
            {
                return done;
            }

            if (way.Contains(role.Name, StringComparer.Ordinal))
            {
                throw new InputException($"define.{role.Name}.include: goes in a circle ({string.Join(" includes ", way.Append(role.Name))}): take one of them out");
            }

            way.Add(role.Name);
            List<RoleService> services = [.. role.Services];
            bool forwards = role.Forwards;
            foreach (string name in role.Includes)
            {
                Role included = own.TryGetValue(name, out Role? mine) ? Of(mine) : others(name)
                    ?? throw new InputException($"define.{role.Name}.include: no role is named '{name}'{Spelling.Hint(name, own.Keys)}");
                services.AddRange(included.Services.Where(service => services.TrueForAll(one => one.Name != service.Name)));
                forwards |= included.Forwards;
            }

            way.RemoveAt(way.Count - 1);
            return resolved[role.Name] = role with { Services = [.. services], Forwards = forwards };
        }
    }
}
