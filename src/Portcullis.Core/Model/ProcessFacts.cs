using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>One process that holds a socket, or an ancestor of one.</summary>
/// <remarks>Every text in it was chosen by the process and may be hostile: it is escaped where it is shown, never here.</remarks>
public sealed record ProcessFacts
{
    /// <summary>The process id in Portcullis's PID namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>The parent's process id; 0 for none.</summary>
    public required int Parent { get; init; }

    /// <summary>The name the process gives itself (proc_pid_comm(5)), at most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>The path of the executable without any "(deleted)"; null where it could not be read, or for a kernel thread.</summary>
    public string? Executable { get; init; }

    /// <summary>Where the executable's code comes from; null where it could not be read.</summary>
    public ExecutableOrigin? Origin { get; init; }

    /// <summary>The arguments, the first usually the name; cut after 4,096 bytes. Empty where they could not be read.</summary>
    public ImmutableArray<string> CommandLine { get; init; } = [];

    /// <summary>The effective user id; null where it could not be read.</summary>
    public uint? Uid { get; init; }

    /// <summary>The user's name by passwd(5), or the number where it has none.</summary>
    public string? User { get; init; }

    /// <summary>When it started, to the clock tick.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its control group in the unified hierarchy, or systemd's own where there is none (cgroups(7)).</summary>
    public string? Cgroup { get; init; }

    /// <summary>The inode of its network namespace; null where it could not be read.</summary>
    public ulong? Namespace { get; init; }

    /// <summary>Whether its files are others than Portcullis's (another root in a mount namespace of its own, as in a container), so that its paths mean other files; null where it could not be read.</summary>
    public bool? OwnRoot { get; init; }

    /// <summary>Where <see cref="OwnRoot"/> is true: which root it is (mount namespace, device and inode of the directory), so that processes of one container are known to see the same files; else null.</summary>
    public string? Root { get; init; }

    /// <summary>The package that owns the executable; null where none does, or where that could not be found out.</summary>
    public PackageFacts? Package { get; init; }

    /// <summary>Whether a package owns the executable; null where that could not be found out.</summary>
    public bool? Packaged { get; init; }

    /// <summary>For an interpreter: the script it runs, where its arguments name one by an absolute path; else null.</summary>
    public string? Script { get; init; }

    /// <summary>The package that owns the <see cref="Script"/>; null for none, or not found out.</summary>
    public PackageFacts? ScriptPackage { get; init; }

    /// <summary>SHA-256 of the executable's bytes as running, lower-case hex; null where it was not asked for.</summary>
    public string? Sha256 { get; init; }
}
