using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>Joins what a scan from elsewhere found with the packets that were seen coming in meanwhile.</summary>
public static class OutsideViews
{
    /// <summary>The view.</summary>
    /// <param name="from">Who scanned.</param>
    /// <param name="report">What the scan found.</param>
    /// <param name="arrived">What came in meanwhile; null where nobody looked.</param>
    /// <param name="snapshot">Names this host's interfaces.</param>
    public static OutsideView Of(string from, ScanReport report, ImmutableArray<ArrivedPackets>? arrived, Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArrivedPackets? way = arrived is { } all ? Way(report, all) : null;
        OutsideView view = new()
        {
            From = from,
            Address = report.Address,
            Source = way?.Source ?? report.Source,
            Destination = way?.Destination ?? report.Address,
            Interface = way is null ? null : snapshot.Namespaces.FirstOrDefault(static one => one.Name == NetworkNamespace.HostName)?.Interfaces.FirstOrDefault(one => one.Index == way.Interface)?.Name,
            Ports = [],
        };
        return view with { Ports = SeenRanges.Of(Ports(report, arrived, view)) };
    }

    /// <summary>Those of the packets that are the scan's: from the address it says it sent from, else the most that fit.</summary>
    /// <param name="report">The scan.</param>
    /// <param name="arrived">What came in.</param>
    /// <returns>They; null where none fits.</returns>
    public static ArrivedPackets? Way(ScanReport report, ImmutableArray<ArrivedPackets> arrived)
    {
        ArgumentNullException.ThrowIfNull(report);
        HashSet<ushort> asked = [.. report.Ports.Where(static port => port.Protocol == Protocol.Tcp).Select(static port => port.Port)];
        ArrivedPackets? best = null;
        int most = 0;
        foreach (ArrivedPackets one in arrived)
        {
            int fitting = one.Ports.Count(asked.Contains);
            if (one.Source == report.Source && one.Destination == report.Address && fitting > 0)
            {
                return one;
            }

            // Translated on the way: whoever asked for most of the ports. Others knock at one or two.
            if (fitting > most && fitting >= (asked.Count / 10))
            {
                (best, most) = (one, fitting);
            }
        }

        return best;
    }

    /// <summary>The ports of a scan, each alone.</summary>
    /// <param name="report">The scan.</param>
    /// <param name="arrived">What came in meanwhile; null where nobody looked.</param>
    /// <param name="view">From where to where its packets come in.</param>
    public static IReadOnlyCollection<SeenPorts> Ports(ScanReport report, ImmutableArray<ArrivedPackets>? arrived, OutsideView view)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(view);
        ArrivedPackets? way = arrived?.FirstOrDefault(one => one.Source == view.Source && one.Destination == view.Destination);
        HashSet<ushort> seen = [.. way?.Ports ?? []];
        List<SeenPorts> ports = [];
        foreach (ScannedPort port in report.Ports)
        {
            bool? hasArrived = arrived is null || port.Protocol != Protocol.Tcp ? null
                : seen.Contains(port.Port) ? true
                : way is null or { IsWhole: true } ? false : null;
            ports.Add(new SeenPorts(port.Protocol, port.Port, port.Port, port.State, hasArrived));
        }

        return ports;
    }
}
