using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Packets that all fare alike.</summary>
public sealed record ReachRegion
{
    /// <summary>The first and last destination port.</summary>
    public required (int First, int Last) Ports { get; init; }

    /// <summary>The first and last source address, in network order; of IPv6 a range in each half.</summary>
    public required AddressBox Sources { get; init; }

    /// <summary>The first and last destination address.</summary>
    public required AddressBox Destinations { get; init; }

    /// <summary>The first and last source port.</summary>
    public required (int First, int Last) SourcePorts { get; init; }

    /// <summary>Of ICMP the first and last type; else all.</summary>
    public (int First, int Last) IcmpTypes { get; init; } = (0, 255);

    /// <summary>Of ICMP the first and last code; else all.</summary>
    public (int First, int Last) IcmpCodes { get; init; } = (0, 255);

    /// <summary>Whether they get in.</summary>
    public required ReachVerdict Verdict { get; init; }

    /// <summary>Whether their sender is told that they do not; null where that depends.</summary>
    public bool? IsRejected { get; init; }

    /// <summary>Who decides; null where no rule does.</summary>
    public RulePlace? By { get; init; }

    /// <summary>What it depends on.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>The rules among these that are not understood, so that more than "it depends" cannot be said.</summary>
    public ImmutableArray<string> NotUnderstood { get; init; } = [];

    /// <summary>Where they go after their destination was translated; null for where they were sent.</summary>
    public string? To { get; init; }

    /// <summary>The packets that are in another region too, with the fate of this one; null for none.</summary>
    public ReachRegion? And(ReachRegion other)
    {
        (int First, int Last) ports = Both(Ports, other.Ports);
        (int First, int Last) sourcePorts = Both(SourcePorts, other.SourcePorts);
        (int First, int Last) types = Both(IcmpTypes, other.IcmpTypes);
        (int First, int Last) codes = Both(IcmpCodes, other.IcmpCodes);
        bool isEmpty = ports.First > ports.Last || sourcePorts.First > sourcePorts.Last || types.First > types.Last || codes.First > codes.Last;
        return isEmpty || Sources.And(other.Sources) is not AddressBox sources || Destinations.And(other.Destinations) is not AddressBox destinations ? null
            : this with { Ports = ports, SourcePorts = sourcePorts, IcmpTypes = types, IcmpCodes = codes, Sources = sources, Destinations = destinations };
    }

    private static (int First, int Last) Both((int First, int Last) one, (int First, int Last) other) => (Math.Max(one.First, other.First), Math.Min(one.Last, other.Last));
}
