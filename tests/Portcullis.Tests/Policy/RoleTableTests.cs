using System;
using System.IO;
using System.Linq;
using Portcullis.Cli.Policies;
using Portcullis.Core.Policy;
using Portcullis.Tests.Police;
using Xunit;

namespace Portcullis.Tests.Policy;

public sealed class RoleTableTests
{
    private const string Folder = "data/roles/";

    [Fact]
    public void Table_says_what_the_files_say()
    {
        string[] names = [.. Repository.Files.Where(path => path.StartsWith(Folder, StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        string table = RoleTable.Write(Catalogue.FromFiles(names));
        string path = Path.Combine(Repository.Root, "data/roles.tsv");
        if (Environment.GetEnvironmentVariable("PORTCULLIS_ACCEPT") == "1")
        {
            File.WriteAllText(path, table);
        }

        Assert.True(names.Length >= 16);
        Assert.Equal(table, File.ReadAllText(path));
        Assert.Equal(table, RoleTable.Write(RoleTable.Catalogue.Roles));
    }
}
