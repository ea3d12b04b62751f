namespace Portcullis.Core.Model;

/// <summary>A packet that a twin of the host is to be asked with.</summary>
/// <param name="Zone">The zone that it stands for.</param>
/// <param name="Interface">The interface by which it comes.</param>
/// <param name="Source">From where.</param>
/// <param name="SourcePort">From which port, 0 to 65,535.</param>
/// <param name="Destination">To which address of the host.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Port">To which port, 0 to 65,535.</param>
public sealed record TwinQuestion(string Zone, string Interface, IpAddress Source, int SourcePort, IpAddress Destination, Protocol Protocol, int Port);
