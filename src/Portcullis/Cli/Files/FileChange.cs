using System;
using System.IO;

namespace Portcullis.Cli.Files;

/// <summary>
/// Changes a file: reads it, makes the new text, and puts that in its place, whole or not at all. Of two that change it at once the
/// second sees what the first has made (flock(2), which FileShare.None is on Linux), so that nothing is lost.
/// </summary>
internal static class FileChange
{
    private const int MostAttempts = 100;

    /// <summary>Changes it.</summary>
    /// <param name="file">Its path; a link is followed. It need not be there.</param>
    /// <param name="largest">The most bytes that it may have.</param>
    /// <param name="tooLarge">What to say of a larger one.</param>
    /// <param name="change">Makes the new bytes of the present ones, of none where there is no file.</param>
    /// <exception cref="InputException">It cannot be read or written; it is then as it was.</exception>
    internal static void Apply(string file, int largest, string tooLarge, Func<byte[], byte[]> change)
    {
        try
        {
            string target = InputFile.Target(file);
            for (int attempt = 0; attempt < MostAttempts; attempt++)
            {
                bool isNew = TryMake(target);
                if (TryReplace(target, file, largest, tooLarge, change, isNew))
                {
                    return;
                }
            }

            throw new IOException("others keep changing it");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{InputFile.NameOf(file)}: can't be changed: {InputFile.Reason(refused)}");
        }
    }

    /// <summary>Replaces the file; false where another came in its place before it was locked.</summary>
    private static bool TryReplace(string target, string file, int largest, string tooLarge, Func<byte[], byte[]> change, bool isNew)
    {
        using FileStream present = InputFile.Open(target, FileAccess.ReadWrite, FileShare.None);
        byte[] bytes = InputFile.ReadAll(present, file, largest, tooLarge).ToArray();
        if (new FileInfo(target) is not { Exists: true } now || now.LastWriteTimeUtc != File.GetLastWriteTimeUtc(present.SafeFileHandle) || now.Length != present.Length)
        {
            return false;
        }

        bool changed = false;
        try
        {
            Put(change(bytes), target, aside =>
            {
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(aside, File.GetUnixFileMode(present.SafeFileHandle));
                }

                File.Move(aside, target, overwrite: true);
            });
            changed = true;
        }
        finally
        {
            if (isNew && !changed && bytes.Length == 0)
            {
                File.Delete(target);
            }
        }

        return true;
    }

    /// <summary>
    /// Makes the file, empty, where there is none, so that there is something to lock. File.Move without overwriting would not do: of two
    /// that make the file at once, one takes the other's away.
    /// </summary>
    /// <returns>Whether it was made.</returns>
    private static bool TryMake(string target)
    {
        if (File.Exists(target))
        {
            return false;
        }

        try
        {
            new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    private static void Put(byte[] bytes, string target, Action<string> intoPlace)
    {
        string aside = OutputFile.Beside(target);
        try
        {
            using (FileStream stream = new(aside, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            intoPlace(aside);
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
