namespace Portcullis.Core.Model;

/// <summary>What names a <see cref="Holder"/>.</summary>
public enum HolderKind
{
    /// <summary>A systemd unit that is neither transient nor a session.</summary>
    Unit,

    /// <summary>A container, by its name.</summary>
    Container,

    /// <summary>A package.</summary>
    Package,

    /// <summary>The path of an executable.</summary>
    Executable,

    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>Not found out.</summary>
    Unknown,
}
