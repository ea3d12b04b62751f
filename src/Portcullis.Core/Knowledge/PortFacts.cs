using System.Collections.Immutable;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>
/// What is known of a port that matters on servers. It tells what usually uses the port; only the process that holds it
/// tells what does so on a given host.
/// </summary>
public sealed record PortFacts
{
    /// <summary>The port, or the range that is used as one.</summary>
    public required PortRange Ports { get; init; }

    /// <summary>The protocol that was asked for; UDP-Lite has UDP's facts.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The short name that people use, such as "rdp"; often not the registered one.</summary>
    public required string Name { get; init; }

    /// <summary>What IANA has registered for the first port of the range; null where nothing is.</summary>
    public required RegistryEntry? Registered { get; init; }

    /// <summary>The programs that usually use the port, most usual first; empty where the name says it.</summary>
    public required ImmutableArray<string> UsedBy { get; init; }

    /// <summary>What the service is, in a part of a sentence.</summary>
    public required string What { get; init; }

    /// <summary>Whether it can be read on the way; null where that depends on what uses the port.</summary>
    public required ClearText? ClearText { get; init; }

    /// <summary>Where the same service is to be had encrypted, such as "853 domain-s (DNS over TLS)"; null where it is encrypted already or cannot be.</summary>
    public required string? Encrypted { get; init; }

    /// <summary>The widest audience it is meant for; null where that depends on what uses the port.</summary>
    public required AdvisedExposure? Exposure { get; init; }

    /// <summary>By how much an answer to a forged request is larger than it, as a factor or range of factors ("28-54"); null where no figure is known.</summary>
    public required string? Amplification { get; init; }

    /// <summary>How bad it is when strangers reach it.</summary>
    public required RiskLevel Risk { get; init; }

    /// <summary>How it is abused; null where nothing particular is known.</summary>
    public required string? Abuse { get; init; }

    /// <summary>What to use or to do instead; null where it may stay as it is.</summary>
    public required string? Instead { get; init; }

    /// <summary>Debian packages that bring the service, as in Debian 12.</summary>
    public required ImmutableArray<string> Packages { get; init; }

    /// <summary>
    /// The systemd units of those packages. A name with '@' before the suffix is a template, whose instances hold the port.
    /// </summary>
    public required ImmutableArray<string> Units { get; init; }

    /// <summary>Where those packages listen as installed, in words; null where it was not looked up.</summary>
    public required string? DefaultBind { get; init; }

    /// <summary>The Windows service that uses the port, by its display name; null where none is known.</summary>
    public required string? WindowsService { get; init; }

    /// <summary>CVE numbers of usual users of this port that CISA lists as exploited; examples, never all of them.</summary>
    public required ImmutableArray<string> Exploited { get; init; }

    /// <summary>Codes of the sources, explained in data/SOURCES.md; never empty.</summary>
    public required ImmutableArray<string> Sources { get; init; }
}
