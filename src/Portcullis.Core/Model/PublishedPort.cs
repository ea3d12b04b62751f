namespace Portcullis.Core.Model;

/// <summary>A port of the host that an engine forwards into a container.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="Address">The host's address it is published on.</param>
/// <param name="Port">The host's port, 1 to 65535.</param>
/// <param name="ContainerPort">The port inside, 1 to 65535; null where it could not be found out.</param>
public sealed record PublishedPort(Protocol Protocol, IpAddress Address, int Port, int? ContainerPort);
