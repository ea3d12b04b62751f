using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>What is to be scanned, and how.</summary>
public sealed record ScanRequest
{
    /// <summary>The target as the user named it.</summary>
    public required string Target { get; init; }

    /// <summary>Its address.</summary>
    public required IpAddress Address { get; init; }

    /// <summary>The index of the interface that leads to it, for an address that means another host on each (fe80::1%eth0); 0 for any.</summary>
    public int Link { get; init; }

    /// <summary>The TCP ports, each once.</summary>
    public ImmutableArray<ushort> TcpPorts { get; init; } = [];

    /// <summary>The UDP ports, each once.</summary>
    public ImmutableArray<ushort> UdpPorts { get; init; } = [];

    /// <summary>How TCP ports are asked.</summary>
    public required ProbeKind Method { get; init; }

    /// <summary>The most probes a second; null for what fits the way there: gentle where there are routers between.</summary>
    public double? Rate { get; init; }

    /// <summary>Whether open ports are asked what answers there.</summary>
    public bool Identify { get; init; }

    /// <summary>Chooses the order of the ports.</summary>
    public required ulong Seed { get; init; }
}
