namespace Portcullis.Core.Model;

/// <summary>What really answers on a port, by its own words. All text of it came from a stranger and is made harmless to show.</summary>
public sealed record IdentifiedService
{
    /// <summary>The protocol that it speaks, by its registered or usual name: "ssh", "http", "redis".</summary>
    public required string Name { get; init; }

    /// <summary>The program, as it calls itself or as its answers give it away: "OpenSSH"; null where nothing tells.</summary>
    public string? Product { get; init; }

    /// <summary>The program's version, as it says; null where nothing tells.</summary>
    public string? Version { get; init; }

    /// <summary>What was seen, in one printable line of at most 200 characters.</summary>
    public required string Evidence { get; init; }

    /// <summary>Whether it asks who is there.</summary>
    public AuthenticationDemand Authentication { get; init; }

    /// <summary>A plain sentence on <see cref="Authentication"/>, such as "answers without a password"; null where there is nothing to say.</summary>
    public string? AuthenticationNote { get; init; }

    /// <summary>The TLS that it is spoken in, or offers; null where none was seen.</summary>
    public TlsFacts? Tls { get; init; }

    /// <summary>The name with what carries it: "http over TLS".</summary>
    public string FullName => Tls is { IsUpgrade: false } && Name != "tls" ? Name + " over TLS" : Name;
}
