using Portcullis.Core.Probing.Tcp;

namespace Portcullis.Core.Probing.Routes;

/// <summary>A SYN to the port that is traced, which may pass so many routers and no more.</summary>
/// <param name="Flow">Which flow it belongs to, from 0: all packets of one have the same ports, so that the network sends them the same way.</param>
/// <param name="Hop">How many hops it may go.</param>
/// <param name="Sequence">Its sequence number, by which its answer is known: routers quote it, the target acknowledges it.</param>
public readonly record struct RouteProbe(int Flow, int Hop, SequenceNumber Sequence);
