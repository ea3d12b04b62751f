namespace Portcullis.Core.Model;

/// <summary>Who holds a listener, by a name that survives restarts.</summary>
/// <param name="Kind">What sort of name it is.</param>
/// <param name="Name">The unit's, container's or package's name, or the path of the executable; "kernel" or "unknown" else.</param>
public sealed record Holder(HolderKind Kind, string Name)
{
    /// <summary>The kernel itself, for a tunnel or a service of its own.</summary>
    public static Holder Kernel { get; } = new(HolderKind.Kernel, "kernel");

    /// <summary>Nobody that could be seen.</summary>
    public static Holder Unknown { get; } = new(HolderKind.Unknown, "unknown");
}
