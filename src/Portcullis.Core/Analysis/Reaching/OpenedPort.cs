using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>A port of the host that a rule lets in by its number.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The port.</param>
/// <param name="Version">The IP version.</param>
/// <param name="By">The rule.</param>
internal sealed record OpenedPort(Protocol Protocol, int Port, IpVersion Version, RulePlace By);
