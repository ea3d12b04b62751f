using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Portcullis.KernelTests.Lab;

/// <summary>Runs a program of the machine the tests run on, with a time limit.</summary>
public static class Command
{
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(60);

    public static Task<CommandResult> Run(string file, params string[] arguments) => Run(file, arguments, UsualLimit);

    public static Task<CommandResult> Run(string file, IReadOnlyList<string> arguments, TimeSpan limit) =>
        Run($"{Path.GetFileName(file)} {string.Join(' ', arguments)}", file, arguments, limit);

    /// <summary>The same, with another line to name it by where something goes wrong.</summary>
    public static async Task<CommandResult> Run(string line, string file, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        using Process process = Start(file, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource timer = new(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
            return new CommandResult(line, process.ExitCode, await output.WaitAsync(timer.Token), await error.WaitAsync(timer.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new LabException($"'{line}' did not end within {limit.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Starts a program with all three streams in our hands.</summary>
    public static Process Start(string file, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start) ?? throw new LabException($"'{file}' could not be started");
        }
        catch (Win32Exception missing)
        {
            throw new LabException($"'{file}' could not be started ({missing.Message}); tests/lab/setup installs the tools");
        }
    }
}
