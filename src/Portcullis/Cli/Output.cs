using System;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portcullis.Cli.Files;
using Portcullis.Cli.Table;

namespace Portcullis.Cli;

/// <summary>Where a command's answer goes: standard output, or a file.</summary>
internal static class Output
{
    private const int StandardError = 2;

    /// <summary>Writes it.</summary>
    /// <param name="bytes">The answer.</param>
    /// <param name="file">The file; null or "-" for standard output.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    internal static void Write(ReadOnlySpan<byte> bytes, string? file)
    {
        if (file is null or "-")
        {
            _ = TryWrite(bytes);
            return;
        }

        OutputFile.Write(bytes, file);
    }

    /// <summary>Writes to standard output; tells whether anybody still reads it.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    internal static bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        const int EPIPE = 32; // the reader has seen enough (head, less): no error of ours
        using Stream stream = Console.OpenStandardOutput();
        try
        {
            stream.Write(bytes);
            return true;
        }
        catch (IOException refused) when (refused.HResult == EPIPE)
        {
            return false;
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

    /// <inheritdoc cref="Write(ReadOnlySpan{byte}, string?)"/>
    internal static void Write(string text, string? file) => Write(Encoding.UTF8.GetBytes(text), file);

    /// <summary>Says something on standard error, in one line.</summary>
    internal static void Complain(string message)
    {
        // By the descriptor that is there: none may be left to open another.
        using FileStream stream = new(new SafeFileHandle(StandardError, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        stream.Write(Encoding.UTF8.GetBytes($"portcullis: {PlainText.Of(message)}\n"));
    }
}
