using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>From where, and to what, packets are asked about.</summary>
/// <param name="Zone">Their zone.</param>
/// <param name="Version">Their IP version.</param>
/// <param name="Protocol">Their protocol.</param>
/// <param name="Address">The one address that they are for; null for every address of the host.</param>
/// <param name="Interface">The one interface that the listener is bound to; null for none.</param>
/// <param name="IsGroup">Whether they are for groups of hosts, by multicast or broadcast.</param>
internal sealed record WayIn(ZoneSources Zone, IpVersion Version, byte Protocol, IpAddress? Address, string? Interface, bool IsGroup = false);
