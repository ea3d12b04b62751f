using System;
using System.IO;
using System.Threading;

namespace Portcullis.Cli.Files;

/// <summary>Reads files that a user names. A device or a pipe that never ends is not read to its end.</summary>
internal static class InputFile
{
    private const int EWOULDBLOCK = 11; // flock(2): somebody is changing it just now

    /// <summary>Reads the whole of one.</summary>
    /// <param name="file">Its path; "-" for standard input.</param>
    /// <param name="largest">The most bytes that are taken.</param>
    /// <param name="tooLarge">What to say of a larger one, such as "which no snapshot is".</param>
    /// <exception cref="InputException">It cannot be read, or is larger.</exception>
    internal static ReadOnlySpan<byte> Read(string file, int largest, string tooLarge)
    {
        try
        {
            using Stream stream = file == "-" ? Console.OpenStandardInput() : Open(file, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ReadAll(stream, file, largest, tooLarge);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{NameOf(file)}: can't be read: {Reason(refused)}");
        }
    }

    /// <summary>The name by which errors speak of a file.</summary>
    internal static string NameOf(string file) => file switch
    {
        "-" => "standard input",
        "" => "''",
        _ => file,
    };

    /// <summary>What a link leads to in the end; any other path, also that of nothing, stands for itself.</summary>
    internal static string Target(string file) => new FileInfo(file).LinkTarget is null ? file : File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;

    /// <summary>The reason in a few words, without a path that the user typed already.</summary>
    internal static string Reason(Exception refused) => refused switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or directory",
        UnauthorizedAccessException => "permission denied, or it is a directory",
        ArgumentException => "this is no name of a file",
        _ => refused.Message.Split(" : '", 2)[0],
    };

    /// <summary>Opens a file that is there; where another process is changing it, waits until it has done so, a few milliseconds.</summary>
    internal static FileStream Open(string file, FileAccess access, FileShare share)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(file, FileMode.Open, access, share);
            }
            catch (IOException busy) when (busy.HResult == EWOULDBLOCK && attempt < 200)
            {
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Reads a stream from where it stands to its end.</summary>
    internal static ReadOnlySpan<byte> ReadAll(Stream stream, string file, int largest, string tooLarge)
    {
        using MemoryStream whole = new();
        byte[] buffer = new byte[1 << 16];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            whole.Write(buffer, 0, count);
            if (whole.Length > largest)
            {
                throw new InputException($"{NameOf(file)}: larger than {(largest >= 1 << 20 ? $"{largest >> 20} MiB" : $"{largest >> 10} KiB")}, {tooLarge}.");
            }
        }

        return whole.GetBuffer().AsSpan(0, (int)whole.Length);
    }
}
