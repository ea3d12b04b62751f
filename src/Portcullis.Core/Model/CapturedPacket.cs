using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>A packet as it went over the wire.</summary>
/// <param name="At">When, since the trace began.</param>
/// <param name="IsOutgoing">Whether we sent it.</param>
/// <param name="Bytes">The bytes, from the IP header on.</param>
/// <param name="IsTaken">Of one that came: whether its numbers fit the connection as it stood; else it is old, astray or forged, and proves nothing.</param>
public sealed record CapturedPacket(TimeSpan At, bool IsOutgoing, ImmutableArray<byte> Bytes, bool IsTaken = true);
