using System.Collections.Generic;

namespace Portcullis.Os.Linux.Source;

/// <summary>
/// The one door through which raw facts come in. Everything behind it can be recorded and played back, so a snapshot
/// can be decoded again on another machine. Nothing here interprets what it reads.
/// </summary>
/// <remarks>Safe to use from several threads. Paths are absolute; a source may be rooted elsewhere than "/".</remarks>
internal interface ISource
{
    /// <summary>The bytes of a regular file, cut after <paramref name="limit"/> bytes. Links are followed inside the root; FIFOs, devices and sockets are refused with EINVAL.</summary>
    Answer File(string path, int limit = 1 << 20);

    /// <summary>The target of a symbolic link, as written.</summary>
    Answer Link(string path);

    /// <summary>
    /// The entries of a directory, sorted by name, without "." and "..": one letter for the kind (f file, d directory,
    /// l link, o other), the name, and a zero byte, for each.
    /// </summary>
    Answer Directory(string path);

    /// <summary>"device inode links mode uid size" in decimal, of what the path leads to, links followed.</summary>
    Answer Status(string path);

    /// <summary>
    /// Which of the files in <paramref name="directory"/> whose names end in <paramref name="suffix"/> have one of
    /// <paramref name="lines"/> as a whole line: "name:line" and a newline for each hit, sorted.
    /// </summary>
    Answer FindLines(string directory, string suffix, IReadOnlyCollection<string> lines);

    /// <summary>The same door with another directory in the place of "/"; no link leads out of it.</summary>
    /// <param name="root">An absolute path, such as "/proc/812/root".</param>
    ISource InRoot(string root);
}
