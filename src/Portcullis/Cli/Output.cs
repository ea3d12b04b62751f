using System.IO;
using System.Text;
using System;
using Portcullis.Cli.Input;
using Portcullis.Cli.Table;

namespace Portcullis.Cli;

/// <summary>Where a command's answer goes: standard output, or a file, which if it is new appears whole or not at all.</summary>
internal static class Output
{
    /// <summary>Writes it.</summary>
    /// <param name="bytes">The answer.</param>
    /// <param name="file">The file; null or "-" for standard output.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    internal static void Write(ReadOnlySpan<byte> bytes, string? file)
    {
        if (file is null or "-")
        {
            WriteStandard(bytes);
            return;
        }

        try
        {
            WriteFile(bytes, file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{file}: can't be written: {InputFile.Reason(refused)}");
        }
    }

    private static void WriteStandard(ReadOnlySpan<byte> bytes)
    {
        const int EPIPE = 32; // the reader has seen enough (head, less): no error of ours
        using Stream stream = Console.OpenStandardOutput();
        try
        {
            stream.Write(bytes);
        }
        catch (IOException refused) when (refused.HResult == EPIPE)
        {
        }
        catch (IOException refused)
        {
            throw new InputException($"standard output: can't be written: {InputFile.Reason(refused)}");
        }
        catch (UnauthorizedAccessException)
        {
            throw new InputException("standard output: can't be written: it is closed"); // EBADF, as the runtime tells it
        }
    }

    private static void WriteFile(ReadOnlySpan<byte> bytes, string file)
    {
        // What is there keeps its owner, mode and links, and a device or pipe stays one: nothing is renamed over it.
        if (File.Exists(file))
        {
            using FileStream present = new(file, FileMode.Truncate, FileAccess.Write);
            present.Write(bytes);
            return;
        }

        string aside = file + ".portcullis-" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            File.WriteAllBytes(aside, bytes);
            File.Move(aside, file, overwrite: false);
        }
        finally
        {
            if (File.Exists(aside))
            {
                File.Delete(aside);
            }
        }
    }

    /// <summary>
    /// Replaces a file by a new text, whole or not at all, keeping its mode, and following a link to the file it names: a policy cut
    /// short by a full disk would forbid or allow the wrong thing.
    /// </summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    internal static void Replace(ReadOnlySpan<byte> bytes, string file)
    {
        try
        {
            string target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
            string aside = target + ".portcullis-" + Guid.NewGuid().ToString("N")[..8];
            try
            {
                using (FileStream stream = new(aside, FileMode.CreateNew, FileAccess.Write))
                {
                    stream.Write(bytes);
                    stream.Flush(flushToDisk: true);
                }

                if (!OperatingSystem.IsWindows() && File.Exists(target))
                {
                    File.SetUnixFileMode(aside, File.GetUnixFileMode(target));
                }

                File.Move(aside, target, overwrite: true);
            }
            finally
            {
                File.Delete(aside);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{file}: can't be written: {InputFile.Reason(refused)}");
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte}, string?)"/>
    internal static void Write(string text, string? file) => Write(Encoding.UTF8.GetBytes(text), file);

    /// <summary>Says something on standard error, in one line.</summary>
    internal static void Complain(string message)
    {
        using Stream stream = Console.OpenStandardError();
        stream.Write(Encoding.UTF8.GetBytes($"portcullis: {PlainText.Of(message)}\n"));
    }
}
