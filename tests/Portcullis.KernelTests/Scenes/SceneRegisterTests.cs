using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Knowledge;
using Xunit;

namespace Portcullis.KernelTests.Scenes;

/// <summary>Every kind of finding is raised by a real machine, and not by one that is nearly the same.</summary>
public sealed class SceneRegisterTests
{
    private const string Folder = "findings/";

    private static readonly string[] s_kinds =
        [.. typeof(FindingPage).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..])];

    [Fact]
    public void Every_kind_of_finding_has_a_scene_and_every_scene_a_kind()
    {
        Assert.Contains("PC2001", s_kinds);
        Assert.Equal("", Unmatched(s_kinds, SceneAttribute.All.Select(scene => scene.Id)));
    }

    [Fact]
    public void Kind_without_a_scene_and_scene_without_a_kind_are_told()
    {
        string[] played = [.. SceneAttribute.All.Select(scene => scene.Id)];

        Assert.Equal("PC9999 has no scene", Unmatched([.. s_kinds, "PC9999"], played));
        Assert.Equal("PC9999 is no kind of finding", Unmatched(s_kinds, [.. played, "PC9999"]));
        Assert.Equal("PC4010 has no scene", Unmatched(s_kinds, played.Where(id => id != "PC4010")));
    }

    private static string Unmatched(IEnumerable<string> kinds, IEnumerable<string> played) => string.Join("; ",
    [
        .. kinds.Except(played).Select(id => id + " has no scene"),
        .. played.Except(kinds).Select(id => id + " is no kind of finding"),
    ]);
}
