using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>What a user wants to know of who reaches what.</summary>
/// <param name="Ports">The destination ports, each of a protocol; null for all of TCP and UDP.</param>
/// <param name="From">The one source; null for every source, or where a zone is named.</param>
/// <param name="Zone">The zone of the sources; null for every source.</param>
public sealed record ReachInquiry(ImmutableArray<(int Port, Protocol Protocol)>? Ports, IpAddress? From, string? Zone);
