using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>A port of the host that leads past the rules for the host.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The port.</param>
/// <param name="Version">The IP version.</param>
/// <param name="To">Where its packets go.</param>
/// <param name="By">The rule that lets them through; null for none.</param>
/// <param name="Denial">The rule or policy that would have kept them out.</param>
internal sealed record PassedPort(Protocol Protocol, int Port, IpVersion Version, string To, string? By, string Denial);
