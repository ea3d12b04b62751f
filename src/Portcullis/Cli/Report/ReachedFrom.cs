using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Report;

/// <summary>Says in a word or two who gets to a listener through the host's firewall.</summary>
internal static class ReachedFrom
{
    /// <summary>"everybody", "private, admin", "part of internet", "perhaps internet", "this host"; empty where it was not worked out.</summary>
    internal static string Of(IReadOnlyCollection<Listener> listeners)
    {
        Exposure[] all = [.. listeners.SelectMany(listener => listener.Exposure)];
        if (all.Length == 0)
        {
            return "";
        }

        bool near = listeners.All(listener => listener.Scope < Scope.Address);
        List<string> zones = [];
        foreach (IGrouping<string, Exposure> zone in all.Where(one => one.Zone != Zone.Host).GroupBy(one => one.Zone, StringComparer.Ordinal))
        {
            Exposure widest = zone.MaxBy(one => (one.Verdict, one.Part is null))!;
            // To a private address nobody sends from elsewhere, unless something in front of the host translates.
            if (zone.Key == Zone.Internet && near)
            {
                continue;
            }

            if (widest is { Zone: Zone.Internet, Verdict: ReachVerdict.Reachable, Part: null })
            {
                return "everybody";
            }

            if (widest.Verdict == ReachVerdict.Unknown)
            {
                return "not known";
            }

            if (widest.Verdict != ReachVerdict.Blocked)
            {
                zones.Add((widest.Verdict == ReachVerdict.Conditional ? "perhaps " : widest.Part is null ? "" : "part of ") + widest.Zone);
            }
        }

        zones.Reverse(); // the widest first
        return zones.Count == 0 ? "this host" : string.Join(", ", zones);
    }

    /// <summary>What the column means, and what it does not.</summary>
    internal static string Caption(Assessment assessment) => IsKnown(assessment)
        ? !assessment.Outside.IsEmpty ? "REACHED FROM is whom this host's firewall lets through by its rules, PROVED what packets found of that."
        : "REACHED FROM is whom this host's firewall lets through; what stands in front of the host is not seen."
        : "HEARD ON is what the sockets allow; whom the firewall lets through is not known.";

    /// <summary>Whether the firewall was read and understood for every listener of the host.</summary>
    internal static bool IsKnown(Assessment assessment) =>
        assessment.Listeners.All(listener => listener.Namespace != NetworkNamespace.HostName || listener.Exposure.All(one => one.Verdict != ReachVerdict.Unknown));
}
