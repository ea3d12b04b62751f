namespace Portcullis.Core.Wire;

/// <summary>A socket that is known with the network namespace it lives in and a process that holds it: a way into that namespace.</summary>
/// <param name="Namespace">The namespace's inode in nsfs, 32 bits.</param>
/// <param name="Inode">The socket's inode in sockfs, 32 bits.</param>
/// <param name="Pid">The process.</param>
public readonly record struct HeldSocket(ulong Namespace, ulong Inode, int Pid);
