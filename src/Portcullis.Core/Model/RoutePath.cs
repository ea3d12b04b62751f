using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>One of the ways by which packets to a port go, where the network balances between several.</summary>
/// <param name="Flows">How many of the flows that were tried went this way.</param>
/// <param name="Addresses">Who answered at each hop, from the first; null where nobody did.</param>
public sealed record RoutePath(int Flows, ImmutableArray<IpAddress?> Addresses);
