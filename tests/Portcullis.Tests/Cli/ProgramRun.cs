using System;
using System.IO;
using System.Text;

namespace Portcullis.Tests.Cli;

/// <summary>Runs the program as its own process, as a user would.</summary>
internal static class ProgramRun
{
    internal sealed record Result(int Code, string Output, string Error);

    /// <summary>Runs it with some arguments and text on standard input.</summary>
    internal static Result Of(string[] arguments, byte[]? input = null, params (string Name, string? Value)[] environment)
    {
        return Run("dotnet", [Program, .. arguments], input, environment);
    }

    /// <summary>Runs it in a folder, whose files it may find by itself.</summary>
    internal static Result In(string folder, params string[] arguments) => Run("dotnet", [Program, .. arguments], null, [], folder);

    /// <summary>Runs it by bash with what a shell can do beside: redirections, pipes.</summary>
    internal static Result Shell(string line) => Run("bash", ["-c", $"dotnet '{Program}' {line}"], null, []);

    private static string Program => Path.Combine(AppContext.BaseDirectory, "portcullis.dll");

    private static Result Run(string file, string[] arguments, byte[]? input, (string Name, string? Value)[] environment, string folder = "")
    {
        System.Diagnostics.ProcessStartInfo start = new(file)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        System.Threading.Tasks.Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It refused its arguments before it read anything.
        }

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, error.Result);
    }
}
