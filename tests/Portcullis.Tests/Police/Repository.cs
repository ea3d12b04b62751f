using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Portcullis.Tests.Police;

/// <summary>The checkout that these tests were built from, and its build output.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Paths of all files under version control, relative to the root.</summary>
    internal static IReadOnlyList<string> Files { get; } = ListFiles();

    /// <summary>The tracked C# files under src/, with their texts.</summary>
    internal static IEnumerable<SourceFile> Sources { get; } =
        Files.Where(static path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(static path => new SourceFile(path, Read(path)))
            .ToArray();

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>A built assembly that the tests were built against, such as "Portcullis.Core".</summary>
    internal static AssemblyUses Built(string name) => AssemblyUses.Read(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    /// <summary>This assembly, in which the injected faults live.</summary>
    internal static AssemblyUses Faults() => AssemblyUses.Read(Assembly.GetExecutingAssembly().Location);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Portcullis.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Portcullis.slnx is in no folder above the tests");
    }

    private static string[] ListFiles()
    {
        // New files count before they are committed. Without git (an unpacked archive) everything but build output counts.
        string[] listed = Git("ls-files", "--cached", "--others", "--exclude-standard");
        string[] all = listed.Length > 0
            ? listed
            : Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
                .Select(static path => Path.GetRelativePath(Root, path))
                .Where(static path => !path.StartsWith("artifacts/", StringComparison.Ordinal)
                    && !path.StartsWith(".build/", StringComparison.Ordinal)
                    && !path.StartsWith(".git", StringComparison.Ordinal))
                .ToArray();
        return all.Where(static path => File.Exists(Path.Combine(Root, path))).Order(StringComparer.Ordinal).ToArray();
    }

    private static string[] Git(params string[] arguments)
    {
        ProcessStartInfo start = new("git", ["-c", "safe.directory=*", "-C", Root, .. arguments, "-z"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process git = Process.Start(start)!;
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }
}
