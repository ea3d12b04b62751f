using System;
using System.IO;

namespace Portcullis.Tests.Knowledge;

/// <summary>The repository's folder data/, found from where the tests run.</summary>
internal static class DataFolder
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Find(), name));

    public static string Text(string name) => File.ReadAllText(Path.Combine(Find(), name));

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Portcullis.slnx")))
                return Path.Combine(at.FullName, "data");
        }

        throw new DirectoryNotFoundException("no Portcullis.slnx above " + AppContext.BaseDirectory);
    }
}
