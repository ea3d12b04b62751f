using System;
using System.IO;

namespace Portcullis.Cli.Input;

/// <summary>Reads files that a user names. A device or a pipe that never ends is not read to its end.</summary>
internal static class InputFile
{
    /// <summary>Reads the whole of one.</summary>
    /// <param name="file">Its path; "-" for standard input.</param>
    /// <param name="largest">The most bytes that are taken.</param>
    /// <param name="tooLarge">What to say of a larger one, such as "which no snapshot is".</param>
    /// <exception cref="InputException">It cannot be read, or is larger.</exception>
    internal static ReadOnlySpan<byte> Read(string file, int largest, string tooLarge)
    {
        string name = NameOf(file);
        try
        {
            using Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using MemoryStream whole = new();
            byte[] buffer = new byte[1 << 16];
            for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
            {
                whole.Write(buffer, 0, count);
                if (whole.Length > largest)
                {
                    throw new InputException($"{name}: larger than {(largest >= 1 << 20 ? $"{largest >> 20} MiB" : $"{largest >> 10} KiB")}, {tooLarge}.");
                }
            }

            return whole.GetBuffer().AsSpan(0, (int)whole.Length);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{name}: can't be read: {Reason(refused)}");
        }
    }

    /// <summary>The name by which errors speak of a file.</summary>
    internal static string NameOf(string file) => file == "-" ? "standard input" : file;

    /// <summary>The reason in a few words, without a path that the user typed already.</summary>
    internal static string Reason(Exception refused) => refused switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or directory",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        _ => refused.Message,
    };
}
