using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Portcullis.KernelTests.Lab;

/// <summary>Where the lab's scripts, the runtime and the built portcullis are.</summary>
public static class LabFiles
{
    /// <summary>The folder tests/lab of the repository that the tests were built in.</summary>
    public static string Scripts { get; } = FindScripts();

    /// <summary>The folder tests/Portcullis.KernelTests/Boxes with the expectations.</summary>
    public static string Expectations => Path.Combine(Scripts, "..", "Portcullis.KernelTests", "Boxes");

    /// <summary>The folder with portcullis and all it needs: it is built beside the tests.</summary>
    public static string Program => AppContext.BaseDirectory.TrimEnd('/');

    /// <summary>The root of the .NET installation that runs the tests.</summary>
    public static string DotnetRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")).TrimEnd('/');

    /// <summary>The root file system of a server; it has to be built already.</summary>
    public static async Task<string> Image(Suite suite)
    {
        CommandResult path = await Command.Run(Path.Combine(Scripts, "image"), "path", suite.ToString().ToLowerInvariant());
        string image = path.MustSucceed().Trim();
        return File.Exists(Path.Combine(image, "etc", "os-release"))
            ? image
            : throw new LabException($"there is no {suite} server at {image}: run tests/lab/setup");
    }

    /// <summary>The root file system of the server with many daemons that do not start by themselves.</summary>
    public static async Task<string> AnsweringImage()
    {
        string image = (await Command.Run(Path.Combine(Scripts, "answering", "image"), "path")).MustSucceed().Trim();
        return File.Exists(Path.Combine(image, "etc", "os-release")) ? image : throw new LabException($"there is no server at {image}: run tests/lab/setup");
    }

    private static string FindScripts()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string lab = Path.Combine(folder.FullName, "tests", "lab");
            if (File.Exists(Path.Combine(lab, "box")))
            {
                return lab;
            }
        }

        throw new LabException($"there is no tests/lab/box in any folder above {AppContext.BaseDirectory}");
    }
}
