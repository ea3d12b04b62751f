namespace Portcullis.Core.Model;

/// <summary>Which machine the facts are about.</summary>
public sealed record HostFacts
{
    /// <summary>The host name, uname(2) nodename; null where it could not be read.</summary>
    public required string? Name { get; init; }

    /// <summary>The operating system as it calls itself: PRETTY_NAME of os-release(5).</summary>
    public required string? Os { get; init; }

    /// <summary>The kernel's release, uname(2) release.</summary>
    public required string? Kernel { get; init; }
}
