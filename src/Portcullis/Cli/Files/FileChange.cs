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
                if (File.Exists(target) ? TryReplace(target, file, largest, tooLarge, change) : TryMake(target, change([])))
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
    private static bool TryReplace(string target, string file, int largest, string tooLarge, Func<byte[], byte[]> change)
    {
        using FileStream present = InputFile.Open(target, FileAccess.ReadWrite, FileShare.None);
        byte[] bytes = InputFile.ReadAll(present, file, largest, tooLarge).ToArray();
        if (new FileInfo(target) is not { Exists: true } now || now.LastWriteTimeUtc != File.GetLastWriteTimeUtc(present.SafeFileHandle) || now.Length != present.Length)
        {
            return false;
        }

        byte[] changed = change(bytes);
        Put(changed, target, aside =>
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(aside, File.GetUnixFileMode(present.SafeFileHandle));
            }

            File.Move(aside, target, overwrite: true);
        });
        return true;
    }

    /// <summary>Makes the file; false where another was quicker.</summary>
    private static bool TryMake(string target, byte[] bytes)
    {
        bool made = false;
        Put(bytes, target, aside =>
        {
            try
            {
                File.Move(aside, target, overwrite: false);
                made = true;
            }
            catch (IOException) when (File.Exists(target))
            {
            }
        });
        return made;
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
