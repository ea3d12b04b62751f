using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Runs programs of the running machine.</summary>
internal sealed class LiveToolRunner : IToolRunner
{
    /// <inheritdoc/>
    public Answer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int size)
    {
        if (!Path.IsPathFullyQualified(program))
        {
            return Answer.Refused(Errno.EINVAL);
        }

        using Process process = new() { StartInfo = Command(program, arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return Answer.Refused(error.NativeErrorCode);
        }

        using CancellationTokenSource stop = new(limit);
        process.StandardInput.Close();
        Task complaints = process.StandardError.BaseStream.CopyToAsync(Stream.Null, stop.Token);
        try
        {
            return Collect(process, size, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return Answer.Refused(Errno.ETIMEDOUT);
        }
        finally
        {
            End(process);
            _ = complaints.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private static ProcessStartInfo Command(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo info = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.Environment.Clear();
        info.Environment["LC_ALL"] = "C";
        info.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        return info;
    }

    private static Answer Collect(Process process, int size, CancellationToken stop)
    {
        using MemoryStream output = new();
        byte[] buffer = new byte[1 << 16];
        while (process.StandardOutput.BaseStream.ReadAsync(buffer, stop).AsTask().GetAwaiter().GetResult() is int count and > 0)
        {
            output.Write(buffer, 0, count);
            if (output.Length > size)
            {
                return Answer.Refused(Errno.EFBIG);
            }
        }

        process.WaitForExitAsync(stop).GetAwaiter().GetResult();
        return Answer.Of(output.ToArray());
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
