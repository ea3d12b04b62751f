using System.IO;
using System.Text;
using System;
using Portcullis.Cli.Table;

namespace Portcullis.Cli;

/// <summary>Where a command's answer goes: standard output, or a file that appears whole or not at all.</summary>
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
            using Stream stream = Console.OpenStandardOutput();
            try
            {
                stream.Write(bytes);
            }
            catch (IOException)
            {
                // The reader has seen enough (head, less): no error of ours.
            }

            return;
        }

        string aside = file + ".portcullis-" + Guid.NewGuid().ToString("N")[..8];
        try
        {
            File.WriteAllBytes(aside, bytes.ToArray());
            File.Move(aside, file, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(aside))
            {
                File.Delete(aside);
            }

            throw new InputException($"{file}: can't be written: {Reason(refused)}");
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

    /// <summary>The reason in a few words, without a path that the user typed already.</summary>
    internal static string Reason(Exception refused) => refused switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or directory",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => refused.Message,
    };
}
