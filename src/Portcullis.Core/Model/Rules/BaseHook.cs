using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>Where a base chain hangs in the way of a packet.</summary>
/// <param name="Point">The hook.</param>
/// <param name="Priority">Lower ones run first. The kernel tracks connections at -200 (NF_IP_PRI_CONNTRACK) and translates at -100 and 100.</param>
/// <param name="Type">"filter", "nat" or "route"; of a "nat" chain only the first packet of a connection is seen.</param>
/// <param name="DropsByDefault">Whether its policy is to drop what no rule decided.</param>
/// <param name="Devices">The devices that it is for, in the families netdev and inet ingress; else empty.</param>
public sealed record BaseHook(HookPoint Point, int Priority, string Type, bool DropsByDefault, ImmutableArray<string> Devices);
