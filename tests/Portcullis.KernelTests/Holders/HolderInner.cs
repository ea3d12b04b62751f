using System;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Portcullis.KernelTests.Holders;

/// <summary>
/// The hidden mode of the test program: "--holders SCENE" plays a scene inside whatever namespaces it was started in,
/// prints what was wrong, and ends, before any test runner starts.
/// </summary>
internal static class HolderInner
{
    private const string Mode = "--holders";

    /// <summary>Plays the scene if this process was started for one.</summary>
    /// <remarks>
    /// While a module's initializer runs, no other thread may use the module, and scenes have threads: so a second copy of the
    /// module is loaded, and the scene played in that.
    /// </remarks>
#pragma warning disable CA2255 // A program may: it is the only way in before the generated entry point of the test runner.
    [ModuleInitializer]
    internal static void PlayIfAsked()
    {
        string[] arguments = Environment.GetCommandLineArgs();
        if (arguments.Length != 3 || arguments[1] != Mode || AppContext.GetData(Mode) is not null)
        {
            return;
        }

        try
        {
            AppContext.SetData(Mode, arguments[2]);
            Assembly copy = new AssemblyLoadContext(Mode).LoadFromAssemblyPath(typeof(HolderInner).Assembly.Location);
            MethodInfo play = copy.GetType(typeof(HolderScenes).FullName!)!.GetMethod(nameof(HolderScenes.Play), BindingFlags.Static | BindingFlags.NonPublic)!;
            Environment.Exit((int)play.Invoke(null, [arguments[2]])!);
        }
        catch (Exception failure)
        {
            Console.WriteLine(failure);
            Environment.Exit(3);
        }
    }
#pragma warning restore CA2255

    /// <summary>Starts this program under a command, such as unshare(1), to play a scene; gives its exit code and words.</summary>
    internal static (int Code, string Words) Run(string scene, params string[] wrapper)
    {
        string[] command = [.. wrapper, Environment.ProcessPath!, Mode, scene];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string words = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, words);
    }
}
