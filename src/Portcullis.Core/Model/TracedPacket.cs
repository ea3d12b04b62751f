using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>A packet of a trace, understood.</summary>
public sealed record TracedPacket
{
    /// <summary>When, since the trace began.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Whether we sent it.</summary>
    public required bool IsOutgoing { get; init; }

    /// <summary>Who sent it: of an ICMP message perhaps a router.</summary>
    public required IpAddress From { get; init; }

    /// <summary>Its time to live, or hop limit, as it was here.</summary>
    public required int Hops { get; init; }

    /// <summary>The control bits, such as "SYN,ACK"; of an ICMP message what it says.</summary>
    public required string Flags { get; init; }

    /// <summary>Type and code of an ICMP message; null for a segment of TCP.</summary>
    public (int Type, int Code)? Icmp { get; init; }

    /// <summary>The sequence number; of an ICMP message that of the packet which it quotes.</summary>
    public required uint Sequence { get; init; }

    /// <summary>The acknowledgement number; null where there is none.</summary>
    public uint? Acknowledgement { get; init; }

    /// <summary>The sequence number, counted from its side's first; null where that was not seen.</summary>
    public long? RelativeSequence { get; init; }

    /// <summary>The acknowledgement number, counted from the other side's first; null where that was not seen.</summary>
    public long? RelativeAcknowledgement { get; init; }

    /// <summary>Bytes of data.</summary>
    public int Length { get; init; }

    /// <summary>How many bytes its sender can take, after the scale; null where it does not say.</summary>
    public int? Window { get; init; }

    /// <summary>The options, in words.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Of one that came: whether its numbers fit the connection as it stood; else it is old, astray or forged, and proves nothing.</summary>
    public bool IsTaken { get; init; } = true;

    /// <summary>Whether the same was sent before.</summary>
    public bool IsResend { get; init; }

    /// <summary>Of a resend: the time since it was sent last.</summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>The time since that was sent for which this is the receipt; null where it is none, or could be one of two.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>The place in the list, from 0, of what this is the receipt for; null for none.</summary>
    public int? ReceiptFor { get; init; }
}
