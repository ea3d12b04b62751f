using System;

namespace Portcullis.Tests.Police;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Relative to the root, with slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    internal string[] Lines => Text.TrimEnd('\n').Split('\n');

    internal string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    internal string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
