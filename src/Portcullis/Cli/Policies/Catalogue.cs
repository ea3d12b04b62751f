using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>The role files that are compiled in from data/roles.</summary>
internal static class Catalogue
{
    private const string Folder = "roles/";

    private static readonly Lazy<RoleCatalogue> Read = new(() => new RoleCatalogue(RoleInclusion.Resolve(Roles(), static _ => null)));

    /// <summary>All roles, with what they include.</summary>
    internal static RoleCatalogue All => Read.Value;

    /// <summary>The file of a role as it stands in data/roles, for people to read and copy.</summary>
    /// <exception cref="InvalidOperationException">There is no such role.</exception>
    internal static byte[] TextOf(string name)
    {
        using Stream stream = typeof(Catalogue).Assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"the role {name} was not compiled in");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static IEnumerable<Role> Roles()
    {
        foreach (string resource in Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string name = resource[Folder.Length..];
            string file = $"data/roles/{name}.yaml";
            yield return RoleReader.Read(name, YamlFields.Of(file, "", YamlFile.Read(TextOf(name), file)));
        }
    }
}
