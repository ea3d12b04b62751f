using System.Collections.Generic;

namespace Portcullis.Os.Linux.Source;

/// <summary>A network namespace and the files by which to enter it.</summary>
/// <param name="Inode">Its inode in nsfs, by which it is verified after a file was opened.</param>
/// <param name="Paths">
/// Files of nsfs, such as "/run/netns/dark" or "/proc/812/ns/net", tried in turn, since a process may have ended or a thread
/// moved on; or descriptors of sockets that live in it, such as "/proc/812/fd/7" or "/proc/812/task/813/fd/7"; null for the namespace this process is in, where none is needed. None at all is no way in, never our own.
/// </param>
internal readonly record struct NamespaceHandle(ulong Inode, IReadOnlyList<string>? Paths);
