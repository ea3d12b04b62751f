using System;
using System.IO;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>Finds the policy that a command is to use: the options', else the file here, else the machine's.</summary>
internal static class PolicyChoice
{
    /// <summary>The file's name where none is given.</summary>
    internal const string UsualName = "portcullis.yaml";

    private const string OfMachine = "/etc/portcullis/portcullis.yaml";

    /// <summary>Reads it.</summary>
    /// <param name="file">--policy; null where it is not given.</param>
    /// <param name="roles">--role; empty where it is not given.</param>
    /// <exception cref="InputException">It cannot be read or used.</exception>
    internal static HostPolicy? Read(string? file, string[] roles)
    {
        if (file is not null && roles.Length > 0)
        {
            throw new InputException("--policy and --role exclude each other: give one of them.");
        }

        if (roles.Length > 0)
        {
            return new HostPolicy
            {
                Source = "--role",
                Roles = [.. roles.Distinct(StringComparer.Ordinal).Select(name => Catalogue.All.Find(name)
                    ?? throw new InputException($"--role: {PolicyReader.Unknown(name, Catalogue.All, [])}."))],
            };
        }

        string? found = file ?? PathInUse();
        return found is null ? null : PolicyReader.Read(InputFile.Read(found, YamlFile.LargestFile, "which no policy is"), found, Catalogue.All);
    }

    /// <summary>The file that is used where none is given; null where there is none.</summary>
    internal static string? PathInUse() => Array.Find([UsualName, OfMachine], File.Exists);
}
