using System;
using System.IO;
using System.Runtime.CompilerServices;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Compares what people read with what was agreed on. <c>./test --accept</c> rewrites the files.</summary>
internal static class Golden
{
    internal static void Matches(string name, string actual, [CallerFilePath] string here = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(here)!, "golden", name);
        if (Environment.GetEnvironmentVariable("PORTCULLIS_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{name} is not there yet: ./test --accept writes it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
