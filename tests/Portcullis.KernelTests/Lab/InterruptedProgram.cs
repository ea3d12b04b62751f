using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Portcullis.KernelTests.Lab;

/// <summary>Portcullis in a namespace, interrupted as by Ctrl-C in the midst of its work.</summary>
internal static class InterruptedProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    /// <summary>Runs it and interrupts it once.</summary>
    /// <param name="from">The namespace.</param>
    /// <param name="isAtWork">Whether its work can be seen from outside: how long a loaded machine takes to start it nobody knows.</param>
    /// <param name="arguments">The words after the program's name.</param>
    internal static async Task<CommandResult> Run(NetworkNamespace from, Func<Task<bool>> isAtWork, params string[] arguments)
    {
        // Where the tests run in the background of a shell, SIGINT is ignored, and what they start inherits that.
        string[] line = ["netns", "exec", from.Name, "env", "--default-signal=INT", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), .. arguments];
        using Process program = Command.Start("ip", line);
        program.StandardInput.Close();
        Task<string> output = program.StandardOutput.ReadToEndAsync();
        Task<string> error = program.StandardError.ReadToEndAsync();
        using CancellationTokenSource timer = new(s_limit);
        try
        {
            while (!program.HasExited && !await isAtWork())
            {
                await Task.Delay(50, timer.Token);
            }

            // ip and env have become the program
            await Command.Run("kill", "-INT", program.Id.ToString(CultureInfo.InvariantCulture));
            await program.WaitForExitAsync(timer.Token);
            return new CommandResult($"portcullis {string.Join(' ', arguments)}", program.ExitCode, await output.WaitAsync(timer.Token), await error.WaitAsync(timer.Token));
        }
        catch (OperationCanceledException)
        {
            program.Kill();
            throw new LabException($"'portcullis {string.Join(' ', arguments)}' did not end within {s_limit.TotalSeconds} s");
        }
    }
}
