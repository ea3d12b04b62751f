using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Core.Probing;

namespace Portcullis.Core.Operations;

/// <summary>What is to be traced, and how.</summary>
public sealed record TraceRequest
{
    /// <summary>The target as the user named it.</summary>
    public required string Target { get; init; }

    /// <summary>Its address.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>Its port.</summary>
    public required ushort Port { get; init; }

    /// <summary>A hash with a random key, for the first sequence number.</summary>
    public required SipHash Secret { get; init; }

    /// <summary>What is sent once the connection stands; empty for nothing.</summary>
    public ImmutableArray<byte> Request { get; init; } = [];

    /// <summary>Why just that is sent, or nothing, in a sentence; null where the user said it.</summary>
    public string? RequestReason { get; init; }

    /// <summary>How long we wait for data while none comes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the SYN is sent.</summary>
    public int Tries { get; init; } = 4;

    /// <summary>Target and port as people write them: "10.77.0.2:22", "[::1]:22".</summary>
    public string Name => FormattableString.Invariant($"{(Target.Contains(':', StringComparison.Ordinal) ? $"[{Target}]" : Target)}:{Port}");
}
