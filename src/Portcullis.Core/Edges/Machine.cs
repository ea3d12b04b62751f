namespace Portcullis.Core.Edges;

/// <summary>Everything that an operation may ask of one machine.</summary>
public sealed record Machine
{
    /// <summary>Which machine.</summary>
    public required IHost Host { get; init; }

    /// <summary>Its sockets.</summary>
    public required ISockets Sockets { get; init; }

    /// <summary>Its processes.</summary>
    public required IProcesses Processes { get; init; }

    /// <summary>Its units.</summary>
    public required IServices Services { get; init; }

    /// <summary>Its packages.</summary>
    public required IPackages Packages { get; init; }

    /// <summary>Its containers.</summary>
    public required IContainers Containers { get; init; }

    /// <summary>The switches of its TCP/IP stack.</summary>
    public required IStackSettings Stack { get; init; }

    /// <summary>Its super-servers.</summary>
    public required ISuperServers SuperServers { get; init; }
}
