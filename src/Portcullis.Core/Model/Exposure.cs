using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>Whether the sources of a zone get to a listener, by the firewall of this host; what stands in front of the host is not seen.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Verdict">Whether some source of it gets in, or none.</param>
/// <param name="Part">Which packets do, where not all of the zone's do; else null.</param>
/// <param name="By">The rule or policy that decides, as the user finds it; null where none does.</param>
/// <param name="DependsOn">Where it is conditional, what it depends on.</param>
public sealed record Exposure(string Zone, ReachVerdict Verdict, string? Part, string? By, ImmutableArray<string> DependsOn);
