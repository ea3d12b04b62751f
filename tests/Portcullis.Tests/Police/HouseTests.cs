using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Portcullis.Tests.Police;

/// <summary>Projects, files, documents and words; each checker is also shown what it must catch.</summary>
public sealed class HouseTests
{
    [Fact]
    public void Projects_refer_to_each_other_as_drawn() => Verdict.Clean(Projects().SelectMany(ProjectRules.Violations));

    [Fact]
    public void All_projects_of_the_picture_were_looked_at() =>
        Assert.Superset(new HashSet<string> { "Portcullis.Core.csproj", "Portcullis.Os.csproj", "Portcullis.csproj" }, Projects().Select(static project => project.Name).ToHashSet());

    [Theory]
    [InlineData("Portcullis.Core", "<ProjectReference Include=\"../Portcullis.Os/Portcullis.Os.csproj\" />", "refers to Portcullis.Os")]
    [InlineData("Portcullis.Core", "<ProjectReference Include=\"..\\Portcullis.Os\\Portcullis.Os.csproj\" />", "refers to Portcullis.Os")]
    [InlineData("Portcullis.Core", "<PackageReference Include=\"YamlDotNet\" />", "refers to the package YamlDotNet")]
    [InlineData("Portcullis.Os", "<ProjectReference Include=\"../Portcullis.Store/Portcullis.Store.csproj\" />", "refers to Portcullis.Store")]
    [InlineData("Portcullis.Store", "<ProjectReference Include=\"../Portcullis.Os/Portcullis.Os.csproj\" />", "refers to Portcullis.Os")]
    [InlineData("Portcullis", "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>", "allows unsafe code")]
    [InlineData("Portcullis.Misc", "<Nothing />", "the picture has no project")]
    public void A_project_that_reaches_too_far_is_caught(string name, string content, string words) =>
        Assert.Contains(words, Assert.Single(ProjectRules.Violations(new SourceFile($"src/{name}/{name}.csproj", $"<Project><ItemGroup>{content}</ItemGroup></Project>"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Portcullis.Core", "<PackageReference Include=\"Meziantou.Analyzer\" />")]
    [InlineData("Portcullis.Os", "<AllowUnsafeBlocks>true</AllowUnsafeBlocks>")]
    [InlineData("Portcullis", "<ProjectReference Include=\"../Portcullis.Os/Portcullis.Os.csproj\" />")]
    public void A_project_as_drawn_is_not_caught(string name, string content) =>
        Assert.Empty(ProjectRules.Violations(new SourceFile($"src/{name}/{name}.csproj", $"<Project><ItemGroup>{content}</ItemGroup></Project>")));

    [Fact]
    public void Shared_properties_give_nothing_away() =>
        Verdict.Clean(ProjectRules.SharedViolations(new SourceFile("Directory.Build.props", Repository.Read("Directory.Build.props"))));

    [Theory]
    [InlineData("<PackageReference Include=\"Polly\" />")]
    [InlineData("<AllowUnsafeBlocks>true</AllowUnsafeBlocks>")]
    public void Shared_properties_that_give_something_away_are_caught(string content) =>
        Assert.Single(ProjectRules.SharedViolations(new SourceFile("Directory.Build.props", $"<Project><ItemGroup>{content}</ItemGroup></Project>")));

    [Fact]
    public void Files_are_small_and_hold_one_thing_in_its_place() => Verdict.Clean(Repository.Sources.SelectMany(SourceRules.Violations));

    [Theory]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Wire;\n\npublic sealed class A;", "its folder says Portcullis.Core.Model")]
    [InlineData("Model/A.cs", "public sealed class A;", "its folder says Portcullis.Core.Model")]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Model;\n\npublic sealed class A;\n\npublic sealed class B;", "holds A, B")]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Model;\n\npublic sealed record A(int C);\n\ninternal readonly record struct B(int C);", "holds A, B")]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Model;\n\npublic interface A;\n\npublic sealed class B;", "holds A, B")]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Model;\n\npublic delegate int A(int c);\n\npublic enum B { }", "holds A, B")]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Model;\n\npublic sealed class B;", "a file is called by its type")]
    [InlineData("Model/PortHelper.cs", "namespace Portcullis.Core.Model;\n\npublic static class PortHelper;", "says nothing")]
    [InlineData("Model/A.cs", "namespace Portcullis.Core.Model;\n\npublic static class A\n{\n    private static class TextUtils;\n}", "says nothing")]
    public void A_file_with_a_second_thing_or_in_the_wrong_place_is_caught(string path, string text, string words) =>
        Assert.Contains(words, Assert.Single(SourceRules.Violations(new SourceFile("src/Portcullis.Core/" + path, text))), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_401_lines_is_caught_and_one_of_400_is_not()
    {
        string text = "namespace Portcullis.Core.Model;\npublic sealed class A;\n" + string.Concat(Enumerable.Repeat("\n", 397)) + "//\n";
        Assert.Empty(SourceRules.Violations(new SourceFile("src/Portcullis.Core/Model/A.cs", text)));
        Assert.Single(SourceRules.Violations(new SourceFile("src/Portcullis.Core/Model/A.cs", text + "//\n")));
    }

    [Theory]
    [InlineData("Edges/IA.cs", "namespace Portcullis.Core.Edges;\n\npublic interface IA\n{\n    B C();\n}\n\npublic sealed record B(int D);\n\npublic readonly record struct E(int F);")]
    [InlineData("Model/Step.cs", "namespace Portcullis.Core.Model;\n\npublic abstract record Step\n{\n    public sealed record Done : Step;\n}")]
    [InlineData("Wire/Reader.Attributes.cs", "namespace Portcullis.Core.Wire;\n\npublic ref partial struct Reader\n{\n}")]
    [InlineData("Model/Visit.cs", "namespace Portcullis.Core.Model;\n\npublic delegate System.Span<byte> Visit(int a);")]
    public void A_file_as_it_should_be_is_not_caught(string path, string text) =>
        Assert.Empty(SourceRules.Violations(new SourceFile("src/Portcullis.Core/" + path, text)));

    [Fact]
    public void Every_folder_is_on_the_map_and_the_map_names_no_other() =>
        Verdict.Clean(Map.Read(Repository.Read("docs/ARCHITECTURE.md"), 0).FolderViolations(Repository.Sources.Select(static source => source.Path)));

    [Theory]
    [InlineData("src/A/B/x.cs", "", "src/A/B is not on the map")]
    [InlineData("src/A/B/C/x.cs", "| `src/A/B` | words |", "src/A/B/C is not on the map")]
    [InlineData("src/A/x.cs", "| `src/A/B` | words |", "names src/A/B, which is not there")]
    public void A_map_that_lies_is_caught(string path, string row, string words) =>
        Assert.Contains(words, Assert.Single(Map.Read($"| `src/A` | words |\n{row}\n", 0).FolderViolations([path])), StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_is_arriving_may_be_there_or_not()
    {
        Map map = Map.Read("| `src/A` | words |\n<!-- arriving -->\n| `src/A/B` | words |\n<!-- arrived -->\n", 0);
        Assert.Empty(map.FolderViolations(["src/A/x.cs"]));
        Assert.Empty(map.FolderViolations(["src/A/B/x.cs"]));
    }

    [Fact]
    public void The_glossary_speaks_the_same_words_as_the_types()
    {
        SortedSet<string> types = Repository.Built("Portcullis.Core").PublicTypes;
        HashSet<string> nouns = Short(types.Where(static type => type.StartsWith("Portcullis.Core.Model.", StringComparison.Ordinal)));
        Assert.NotEmpty(nouns);
        Verdict.Clean(Map.Read(Repository.Read("docs/GLOSSARY.md"), 1).TypeViolations(nouns, Short(types)));
    }

    [Fact]
    public void A_type_without_a_word_and_a_word_without_a_type_are_caught() =>
        Assert.Equal(
            ["Scope has no word in docs/GLOSSARY.md", "docs/GLOSSARY.md names Scoop, which Core does not have"],
            Map.Read("| gap | `Gap` | what was not seen |\n| scope | `Scoop` | how far |\n| zone | | a set of sources |\n", 1)
                .TypeViolations(new HashSet<string> { "Gap", "Scope" }, new HashSet<string> { "Gap", "Scope" }));

    [Fact]
    public void No_file_names_a_machine_or_unfinished_work() =>
        Verdict.Clean(Repository.Files.Select(static path => new SourceFile(path, Repository.Read(path))).SelectMany(WordRules.Violations));

    [Theory]
    [InlineData("src/A.cs", "// TO", "DO: later")]
    [InlineData("docs/A.md", "see FIX", "ME")]
    [InlineData("src/A.cs", "throw new Not", "ImplementedException();")]
    [InlineData("tests/A.cs", "[Fact(Sk", "ip = \"flaky\")]")]
    [InlineData("data/a.tsv", "at /ro", "ot/x")]
    [InlineData("src/A.cs", "\"cat /wo", "rk/x\"")]
    [InlineData("NuGet.Config", "https://api.nu", "get.org/v3/index.json")]
    public void A_forbidden_word_is_caught(string path, string first, string second) =>
        Assert.StartsWith(path + ":2:", Assert.Single(WordRules.Violations(new SourceFile(path, "first line\n" + first + second + "\n"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("src/A.cs", "source.File($\"/proc/{pid}/ro", "ot/etc/os-release\")")]
    [InlineData("portcullis", "mktemp stamp.XX", "XX" + "XX")]
    [InlineData("data/a.tsv", "HA", "CK")]
    public void A_word_that_only_looks_forbidden_is_not_caught(string path, string first, string second) =>
        Assert.Empty(WordRules.Violations(new SourceFile(path, first + second + "\n")));

    private static IEnumerable<SourceFile> Projects() =>
        Repository.Files.Where(static path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(static path => new SourceFile(path, Repository.Read(path)));

    private static HashSet<string> Short(IEnumerable<string> types) => types.Select(static type => type[(type.LastIndexOf('.') + 1)..]).ToHashSet();
}
