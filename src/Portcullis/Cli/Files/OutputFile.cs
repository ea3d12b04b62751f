using System;
using System.IO;

namespace Portcullis.Cli.Files;

/// <summary>Writes a command's answer to a file, so that a full disk loses neither the old answer nor the new one.</summary>
internal static class OutputFile
{
    /// <summary>Writes it.</summary>
    /// <exception cref="InputException">It cannot be written; what was there before is then as it was, or the new answer is kept beside it.</exception>
    internal static void Write(ReadOnlySpan<byte> bytes, string file)
    {
        RefuseDirectory(file);
        try
        {
            if (!File.Exists(file))
            {
                WriteNew(bytes, file);
                return;
            }

            // Opened once: a pipe's reader takes the first close for the end.
            using FileStream present = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (IsRegular(present, file))
            {
                WriteInto(present, bytes, file);
            }
            else
            {
                present.Write(bytes);
            }
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw Refused(file, refused);
        }
    }

    /// <summary>Refuses what is a directory; the system would say of its last step only that the name is taken.</summary>
    /// <exception cref="InputException">It is one.</exception>
    internal static void RefuseDirectory(string file)
    {
        if (Directory.Exists(file))
        {
            throw new InputException($"{InputFile.NameOf(file)}: can't be written: it is a directory; name a file in it");
        }
    }

    /// <summary>Whether that is how the system says that a file cannot be written.</summary>
    internal static bool IsRefusal(Exception refused) => refused is IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>The same, for the user.</summary>
    internal static InputException Refused(string file, Exception refused) => new($"{InputFile.NameOf(file)}: can't be written: {InputFile.Reason(refused)}");

    /// <summary>Does what may fail for the file's sake, and says so.</summary>
    /// <exception cref="InputException">It failed.</exception>
    internal static void Telling(string file, Action work)
    {
        try
        {
            work();
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw Refused(file, refused);
        }
    }

    /// <summary>Puts what was written beside the file in its place.</summary>
    internal static void Take(FileStream written, string aside, string file)
    {
        written.Flush();
        if (!File.Exists(file))
        {
            File.Move(aside, file, overwrite: false);
            return;
        }

        using FileStream present = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        try
        {
            present.SetLength(0);
            written.Position = 0;
            written.CopyTo(present);
            present.Flush();
        }
        catch (IOException refused)
        {
            throw new InputException($"{InputFile.NameOf(file)}: can't be written: {InputFile.Reason(refused)}; the answer is in {aside}");
        }

        File.Delete(aside);
    }

    /// <summary>A name beside the file that nothing else has.</summary>
    internal static string Beside(string file) => file + ".portcullis-" + Guid.NewGuid().ToString("N")[..8];

    private static void WriteNew(ReadOnlySpan<byte> bytes, string file)
    {
        string aside = Beside(file);
        try
        {
            File.WriteAllBytes(aside, bytes);
            File.Move(aside, file, overwrite: false);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>What is there keeps its owner, mode and links: it is written into, never replaced.</summary>
    private static void WriteInto(FileStream present, ReadOnlySpan<byte> bytes, string file)
    {
        string aside = Beside(file);
        bool kept = false;
        try
        {
            File.WriteAllBytes(aside, bytes);
            try
            {
                present.SetLength(0);
                present.Write(bytes);
                present.Flush();
            }
            catch (IOException refused)
            {
                kept = true;
                throw new IOException($"{InputFile.Reason(refused)}; the answer is in {aside}", refused);
            }
        }
        finally
        {
            if (!kept)
            {
                File.Delete(aside);
            }
        }
    }

    /// <summary>Whether there is something to lose. The framework does not tell a device from a file; but devices have their directory.</summary>
    internal static bool IsRegular(FileStream stream, string file) =>
        stream.CanSeek && !Path.GetFullPath(InputFile.Target(file)).StartsWith("/dev/", StringComparison.Ordinal);
}
