namespace Portcullis.Core.Text.Systemd;

/// <summary>What the specifiers of systemd.unit(5) stand for on one machine and under one manager; null where it is not known.</summary>
public sealed record SpecifierValues
{
    /// <summary>%t.</summary>
    public string? RuntimeDirectory { get; init; }

    /// <summary>%S.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>%C.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>%L.</summary>
    public string? LogsDirectory { get; init; }

    /// <summary>%E.</summary>
    public string? ConfigurationDirectory { get; init; }

    /// <summary>%h.</summary>
    public string? Home { get; init; }

    /// <summary>%u, the manager's user.</summary>
    public string? UserName { get; init; }

    /// <summary>%U.</summary>
    public uint? UserId { get; init; }

    /// <summary>%H; %l is its part before the first dot.</summary>
    public string? HostName { get; init; }

    /// <summary>%m.</summary>
    public string? MachineId { get; init; }

    /// <summary>%b.</summary>
    public string? BootId { get; init; }

    /// <summary>%v.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>The values of the system's manager that are the same everywhere (file-hierarchy(7)).</summary>
    public static SpecifierValues System { get; } = new()
    {
        RuntimeDirectory = "/run",
        StateDirectory = "/var/lib",
        CacheDirectory = "/var/cache",
        LogsDirectory = "/var/log",
        ConfigurationDirectory = "/etc",
        Home = "/root",
        UserName = "root",
        UserId = 0,
    };
}
