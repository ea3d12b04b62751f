using System;
using System.IO;
using System.Text;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Changes;

/// <summary>The folder in which Portcullis keeps what it has changed. Nobody but root may look into it.</summary>
/// <param name="path">Where it is.</param>
internal sealed class StateFolder(string path)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where it usually is (file-hierarchy(7)); another may be named, for systems that keep such things elsewhere.</summary>
    internal static string Usual => Environment.GetEnvironmentVariable("PORTCULLIS_STATE") is { Length: > 0 } named ? Path.GetFullPath(named) : "/var/lib/portcullis";

    /// <summary>A path in it.</summary>
    internal string this[string name] => Path.Combine(path, name);

    /// <summary>Makes a folder in it, and itself.</summary>
    /// <exception cref="ChangeException">It cannot.</exception>
    internal void Make(string name) => Telling(this[name], () =>
    {
        Create(path);
        Create(this[name]);
        Sync(this[name]);
        Sync(Path.GetDirectoryName(this[name])!);
    });

    /// <summary>Writes a file whole: it is there with all that belongs in it, or not at all.</summary>
    /// <exception cref="ChangeException">It cannot.</exception>
    internal void Write(string name, ReadOnlySpan<byte> bytes)
    {
        byte[] all = bytes.ToArray();
        Telling(this[name], () => WriteWhole(this[name], all));
    }

    /// <summary>The same anywhere.</summary>
    internal static void WriteWhole(string file, byte[] bytes)
    {
        string aside = file + ".new";
        using (FileStream stream = new(aside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, file, overwrite: true);
        Sync(Path.GetDirectoryName(file)!);
    }

    /// <summary>Adds to the end of a file.</summary>
    /// <exception cref="ChangeException">It cannot.</exception>
    internal void Append(string name, byte[] line) => Telling(this[name], () =>
    {
        using FileStream stream = new(this[name], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (stream.Length > 0)
        {
            // What a full disk has cut off stays a line of its own.
            stream.Position = stream.Length - 1;
            line = stream.ReadByte() == '\n' ? line : [(byte)'\n', .. line];
        }

        stream.Position = stream.Length;
        stream.Write(line);
        stream.Flush(flushToDisk: true);
    });

    /// <summary>Has the entries of a folder on the disk (fsync(2), "Calling fsync() does not necessarily ensure that the entry in the directory…").</summary>
    internal static unsafe void Sync(string folder)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            int descriptor = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            if (descriptor >= 0)
            {
                _ = Libc.fsync(descriptor);
                _ = Libc.close(descriptor);
            }
        }
    }

    private static void Create(string folder)
    {
        if (!OperatingSystem.IsWindows()) // which has no such modes, and no such folder
        {
            Directory.CreateDirectory(folder, Private);
        }
    }

    /// <summary>Does what may fail for the disk's sake, and says so.</summary>
    /// <exception cref="ChangeException">It failed.</exception>
    internal static void Telling(string file, Action work)
    {
        try
        {
            work();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ChangeException($"{file}: {refused.Message}");
        }
    }
}
