using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>From where a host is to be asked, and at which addresses.</summary>
/// <param name="Peer">The place, as <see cref="Edges.IPeers"/> names places.</param>
/// <param name="Program">By which command Portcullis runs over there.</param>
/// <param name="Addresses">The addresses; empty for those of this host that are seen from there.</param>
public sealed record ProveRequest(string Peer, string Program, ImmutableArray<IpAddress> Addresses);
