using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Rules.Given;

/// <summary>Starts the tools that load rules, in the network namespace of the calling thread, and gives them what they read on their standard input.</summary>
internal static class LoadingTool
{
    private const int MostSaid = 1 << 24;
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Where a program is; null for nowhere. The user's PATH is not asked: it would be root who runs what stands there.</summary>
    internal static string? Find(string name) => Folders.Select(folder => $"{folder}/{name}").FirstOrDefault(File.Exists);

    /// <summary>Runs it. Nothing is given to it before it is certain in which namespace it is.</summary>
    /// <param name="program">An absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="folder">The folder in which it starts.</param>
    /// <param name="network">The namespace in which it has to be, as /proc shows it, and which goes away with us; null for our own.</param>
    internal static ToolRun Run(string program, IReadOnlyList<string> arguments, string input, string folder, string? network)
    {
        (string bound, IReadOnlyList<string> all) = network is null ? (program, arguments) : Bound(program, arguments);
        using Process process = new() { StartInfo = Command(bound, all, folder) };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return new ToolRun($"{program} can't be started: {Errno.Text(error.NativeErrorCode)}", 0, "");
        }

        using CancellationTokenSource stop = new(Limit);
        try
        {
            // It waits for its input, so that it is still there to be looked at; or has ended, and loads nothing.
            string? where = network is null ? "" : new LiveSource().Link(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/ns/net")).Text;
            if (network is not null && where is not null && where != network)
            {
                return new ToolRun($"{program} is not in the namespace that was made for it", 0, "");
            }

            Task<byte[]> said = Beginning.Of(process.StandardError.BaseStream, MostSaid, stop.Token);
            Task<byte[]> told = Beginning.Of(process.StandardOutput.BaseStream, MostSaid, stop.Token);
            Give(process.StandardInput, where is null ? "" : input, stop.Token).GetAwaiter().GetResult();
            Task.WhenAll(said, told, process.WaitForExitAsync(stop.Token)).GetAwaiter().GetResult();
            return new ToolRun(null, process.ExitCode, Encoding.UTF8.GetString(said.Result)) { Output = Encoding.UTF8.GetString(told.Result) };
        }
        catch (OperationCanceledException)
        {
            return new ToolRun(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(program)} takes longer than {Limit.TotalSeconds:0} s, and was ended"), 0, "");
        }
        finally
        {
            End(process);
        }
    }

    private static ProcessStartInfo Command(string program, IReadOnlyList<string> arguments, string folder)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        info.Environment.Clear();
        info.Environment["LC_ALL"] = "C";
        info.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        return info;
    }

    /// <summary>
    /// Has the kernel end the tool as soon as we have ended, even where we are killed (PR_SET_PDEATHSIG of prctl(2)): it could be waiting for ever,
    /// for a FIFO that a script includes, and its namespace would wait with it. setpriv(1) asks for that and then becomes the tool; that
    /// of busybox, which is a link to it, can't.
    /// </summary>
    private static (string Program, IReadOnlyList<string> Arguments) Bound(string program, IReadOnlyList<string> arguments) =>
        Find("setpriv") is string setpriv && new FileInfo(setpriv).LinkTarget is null ? (setpriv, ["--pdeathsig", "KILL", program, .. arguments]) : (program, arguments);

    private static async Task Give(StreamWriter to, string input, CancellationToken stop)
    {
        try
        {
            await to.WriteAsync(input.AsMemory(), stop).ConfigureAwait(false);
            await to.FlushAsync(stop).ConfigureAwait(false);
            to.Close();
        }
        catch (IOException)
        {
            // It has ended without reading to the end, and says why.
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It had ended already.
        }
    }
}
