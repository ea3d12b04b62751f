using System;
using System.Collections.Generic;
using System.IO;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>The roles that Portcullis brings with it, and their files as people read and copy them.</summary>
internal static class Catalogue
{
    private const string Folder = "roles/";

    /// <summary>All roles, with what they include.</summary>
    internal static RoleCatalogue All => RoleTable.Catalogue;

    /// <summary>The file of a role as it stands in data/roles.</summary>
    /// <exception cref="InvalidOperationException">There is no such role.</exception>
    internal static byte[] TextOf(string name)
    {
        using Stream stream = typeof(Catalogue).Assembly.GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"the role {name} was not compiled in");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Reads the files of roles, from which the table is made that the program reads.</summary>
    /// <param name="names">Their names.</param>
    internal static IEnumerable<Role> FromFiles(IEnumerable<string> names)
    {
        List<Role> roles = [];
        foreach (string name in names)
        {
            string file = $"data/roles/{name}.yaml";
            roles.Add(RoleReader.Read(name, YamlFields.Of(file, "", YamlFile.Read(TextOf(name), file))));
        }

        return RoleInclusion.Resolve(roles, static _ => null);
    }
}
