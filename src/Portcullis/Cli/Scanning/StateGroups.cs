using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Scanning;

/// <summary>The states of ports as they are told: in words, and all but the commonest one by one.</summary>
internal static class StateGroups
{
    /// <summary>The states, what matters most first.</summary>
    internal static ImmutableArray<PortState> InOrder { get; } =
        [PortState.Open, PortState.Closed, PortState.Filtered, PortState.Rejected, PortState.OpenOrFiltered, PortState.Unknown];

    /// <summary>The word for a state.</summary>
    internal static string Word(PortState state) => state == PortState.OpenOrFiltered ? "open-or-filtered" : state.ToString().ToLowerInvariant();

    /// <summary>The name of its count in JSON.</summary>
    internal static string Name(PortState state) => state == PortState.OpenOrFiltered ? "openOrFiltered" : Word(state);

    /// <summary>Every port but those in the commonest state, which is never that of the open ones.</summary>
    internal static IEnumerable<ScannedPort> Told(ScanReport report)
    {
        PortState? commonest = Commonest(report);
        return report.Ports.Where(port => port.State != commonest);
    }

    /// <summary>The commonest state of many ports; null where all of them are told.</summary>
    internal static PortState? Commonest(ScanReport report)
    {
        int[] counts = Counts(report);
        PortState? most = null;
        foreach (PortState state in InOrder)
        {
            if (state != PortState.Open && counts[(int)state] > (most is PortState before ? counts[(int)before] : 0))
            {
                most = state;
            }
        }

        return most;
    }

    /// <summary>How many ports there are of each state, by its number.</summary>
    internal static int[] Counts(ScanReport report)
    {
        int[] counts = new int[InOrder.Length];
        foreach (ScannedPort port in report.Ports)
        {
            counts[(int)port.State]++;
        }

        return counts;
    }
}
