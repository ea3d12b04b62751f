using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Portcullis.Tests.Police;

/// <summary>Core's laws by its metadata; each checker is also shown a Core that breaks them.</summary>
public sealed class CoreTests
{
    private const string Faulty = "Portcullis.Tests.Police.Faults.Core";

    [Fact]
    public void Core_asks_and_never_touches() => Verdict.Clean(Purity.Violations(Repository.Built("Portcullis.Core"), "Portcullis.Core"));

    [Theory]
    [InlineData("ReadsFile", "System.IO.File.ReadAllText")]
    [InlineData("OpensFileByReader", "System.IO.StreamReader..ctor(System.String)")]
    [InlineData("AsksClock", "System.DateTimeOffset.get_UtcNow")]
    [InlineData("RollsDice", "System.Random.Next")]
    [InlineData("RollsDice", "System.Guid.NewGuid")]
    [InlineData("AsksSurroundings", "System.Environment.GetEnvironmentVariable")]
    [InlineData("AsksSurroundings", "System.AppContext.get_BaseDirectory")]
    [InlineData("StartsThread", "System.Threading.Thread..ctor")]
    [InlineData("StartsProcess", "System.Diagnostics.Process.Start")]
    [InlineData("AsksNetwork", "System.Net.Dns.GetHostAddresses")]
    [InlineData("ListsTypes", "System.Reflection.Assembly.GetTypes")]
    public void A_Core_that_touches_is_caught(string type, string use) =>
        Assert.Contains(
            Purity.Violations(Repository.Faults(), Faulty),
            violation => violation.StartsWith($"{Faulty}.Model.{type} uses {use}", StringComparison.Ordinal));

    [Fact]
    public void What_only_looks_forbidden_is_not_caught() =>
        Verdict.Clean(Purity.Violations(Repository.Faults(), Faulty).Where(static violation => violation.Contains("WellBehaved", StringComparison.Ordinal)));

    [Fact]
    public void Core_uses_nothing_but_the_framework() => Verdict.Clean(Foreign(Repository.Built("Portcullis.Core")));

    [Fact]
    public void A_foreign_assembly_is_caught() => Assert.Contains("xunit.v3.assert", Foreign(Repository.Faults()));

    [Fact]
    public void Folders_of_Core_use_only_those_below() =>
        Verdict.Clean(FolderOrder.Violations(Repository.Built("Portcullis.Core"), "Portcullis.Core")
            .Concat(FolderOrder.Violations(Repository.Sources, "Portcullis.Core")));

    [Theory]
    [InlineData("Model.UsesUpwards uses", "Operations.Verb")]
    [InlineData("Model.UsesUpwardsInCode uses", "Wire.Frame")]
    [InlineData("Wire.UsesSideways uses", "Text.Line")]
    [InlineData("Oddments.Drawer is in no folder", "")]
    public void A_use_upwards_or_sideways_is_caught(string type, string use) =>
        Assert.Contains(
            FolderOrder.Violations(Repository.Faults(), Faulty),
            violation => violation.StartsWith($"{Faulty}.{type}", StringComparison.Ordinal) && violation.Contains(use, StringComparison.Ordinal));

    [Fact]
    public void A_use_downwards_is_not_caught() =>
        Assert.DoesNotContain(
            FolderOrder.Violations(Repository.Faults(), Faulty),
            static violation => violation.StartsWith($"{Faulty}.Operations", StringComparison.Ordinal) || violation.StartsWith($"{Faulty}.Wire.WellBehaved", StringComparison.Ordinal));

    [Theory]
    [InlineData("using Portcullis.Core.Text;")]
    [InlineData("using static Portcullis.Core.Text.Limits;")]
    [InlineData("using Limits = Portcullis.Core.Text.Limits;")]
    public void A_using_line_upwards_is_caught(string line) =>
        Assert.Single(FolderOrder.Violations([new SourceFile("src/Portcullis.Core/Wire/A.cs", $"using System;\n{line}\n\nnamespace Portcullis.Core.Wire;\n")], "Portcullis.Core"));

    [Theory]
    [InlineData("Portcullis.Core")]
    [InlineData("Portcullis.Os")]
    [InlineData("portcullis")]
    public void No_namespaces_use_each_other_in_a_circle(string assembly) => Verdict.Clean(FolderOrder.Circles(Repository.Built(assembly), "Portcullis"));

    [Fact]
    public void A_circle_of_namespaces_is_caught() =>
        Assert.Contains(
            FolderOrder.Circles(Repository.Faults(), Faulty),
            static circle => circle == $"{Faulty}.Model -> {Faulty}.Operations -> {Faulty}.Wire -> {Faulty}.Model");

    [Theory]
    [InlineData("Portcullis.Core")]
    [InlineData("portcullis")]
    public void Only_Os_calls_native_code(string assembly) => Verdict.Clean(Repository.Built(assembly).NativeMethods);

    [Fact]
    public void A_native_call_is_caught() => Assert.Contains("Portcullis.Tests.Police.Faults.Native.Caller.getpid", Repository.Faults().NativeMethods);

    /// <summary>The references that do not lie beside the runtime's own library.</summary>
    private static IEnumerable<string> Foreign(AssemblyUses assembly) =>
        assembly.References.Where(static name => !File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll")));
}
