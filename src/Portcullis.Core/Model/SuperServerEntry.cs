namespace Portcullis.Core.Model;

/// <summary>A service for which a super-server (inetd(8), xinetd(8)) listens in its place.</summary>
public sealed record SuperServerEntry
{
    /// <summary>The super-server: "inetd" or "xinetd".</summary>
    public required string Server { get; init; }

    /// <summary>The service's name in the configuration, such as "telnet".</summary>
    public required string Service { get; init; }

    /// <summary>The transport it listens on.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>The port; null where the name could not be resolved.</summary>
    public int? Port { get; init; }

    /// <summary>The address it is bound to; null for all.</summary>
    public IpAddress? Address { get; init; }

    /// <summary>The program that answers; null for a service built into the super-server.</summary>
    public string? Program { get; init; }

    /// <summary>The user that the program runs as.</summary>
    public string? User { get; init; }

    /// <summary>The configuration file and line, such as "/etc/inetd.conf:12".</summary>
    public required string Source { get; init; }

    /// <summary>The package that owns the program; null for none or not found out.</summary>
    public PackageFacts? Package { get; init; }
}
