using System;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>How a connection of ours behaves.</summary>
public sealed record TcpSettings
{
    /// <summary>The largest segment that we take and send, in bytes: the link's MTU without both headers.</summary>
    public int SegmentSize { get; init; } = 1460;

    /// <summary>Room for what the peer sends and nobody has read yet, in bytes; more than 65,535 makes us scale the window.</summary>
    public int ReceiveRoom { get; init; } = 65_535;

    /// <summary>Room for what we send and nobody has acknowledged yet, in bytes.</summary>
    public int SendRoom { get; init; } = 65_536;

    /// <summary>How often the SYN is sent before we give up: at 0, 1, 3, 7 … seconds.</summary>
    public int SynTries { get; init; } = 4;

    /// <summary>How often other segments are sent again before we give up.</summary>
    public int Resends { get; init; } = 8;

    /// <summary>The time before the first resend while no round trip has been measured (RFC 6298, 2.1).</summary>
    public TimeSpan FirstTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time before a resend: a second by RFC 6298, 2.4; Linux takes a fifth of that.</summary>
    public TimeSpan LeastTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time before a resend (RFC 6298, 2.5: at least 60 seconds).</summary>
    public TimeSpan LongestTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
