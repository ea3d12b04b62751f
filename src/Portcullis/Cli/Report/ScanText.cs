using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Scanning;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows a person what a scan found.</summary>
internal static class ScanText
{
    private const int MostRows = 60;
    private const int MostRanges = 8;
    private const int LongestRanges = 400;

    /// <summary>The whole text.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="terminal">How it may look.</param>
    /// <param name="whyConnect">Why it went by ordinary connections; null where it did not.</param>
    /// <param name="all">Whether every port that is not in the commonest state gets a row.</param>
    internal static string Render(ScanReport report, Terminal terminal, string? whyConnect, bool all)
    {
        StringBuilder text = new();
        ScannedPort[] open = [.. report.Ports.Where(static port => port.State == PortState.Open)];
        Wrap.WriteTo(text, Paint.With(Headline(report, open.Length), Style.Strong, terminal), terminal.Width, "");
        if (report.Ports.IsEmpty)
        {
            GapList.WriteTo(text, report.Gaps, terminal);
            return text.ToString();
        }

        PortState? commonest = StateGroups.Commonest(report);
        List<ScannedPort> rows = [.. StateGroups.Told(report)];
        if (!all && rows.Count > MostRows)
        {
            rows = [.. open.Take(MostRows)];
        }

        if (rows.Count > 0)
        {
            text.Append('\n');
            Rows(text, rows, terminal);
            if (open.Length > rows.Count(static port => port.State == PortState.Open))
            {
                text.Append('\n');
                Wrap.WriteTo(text, $"These are the first {Number(rows.Count)}; --verbose shows all {Number(open.Length)}.", terminal.Width, "");
            }
        }

        text.Append('\n');
        foreach (PortState state in StateGroups.InOrder)
        {
            ScannedPort[] same = [.. report.Ports.Where(port => port.State == state)];
            int shown = rows.Count(port => port.State == state);
            if (same.Length > shown)
            {
                Wrap.WriteTo(text, $"{Number(same.Length)} {StateGroups.Word(state)}{Meaning(state)}{Which(same, state == commonest)}", terminal.Width, "  ");
            }
        }

        GapList.WriteTo(text, report.Gaps, terminal);
        Wrap.WriteTo(text, "\n" + How(report, whyConnect), terminal.Width, "");
        return text.ToString();
    }

    private static string Headline(ScanReport report, int open)
    {
        string target = report.Target == report.Address.ToString() ? report.Target : $"{report.Target} ({report.Address})";
        int unknown = report.Ports.Count(static port => port.State == PortState.Unknown);
        return report.Ports.IsEmpty ? $"{target} could not be probed."
            : open == 0 && unknown > 0
            ? $"{target}: none was found open, but of {Number(unknown)} of {Ports(report)} it is not known."
            : unknown > 0
            ? $"{target}: at least {Number(open)} of {Ports(report)} {(open == 1 ? "is" : "are")} open; of {Number(unknown)} it is not known."
            : open == 0
            ? $"{target}: of {Ports(report)} none was found open."
            : $"{target}: {Number(open)} of {Ports(report)} {(open == 1 ? "is" : "are")} open.";
    }

    private static string Ports(ScanReport report) => $"{Number(report.Ports.Length)} port{(report.Ports.Length == 1 ? "" : "s")}";

    private static void Rows(StringBuilder text, List<ScannedPort> rows, Terminal terminal)
    {
        if (rows.Exists(static port => port.Dialogue is not null))
        {
            IdentifiedRows(text, rows, terminal);
            return;
        }

        TableLayout table = new([new Column("PORT", 0, 9), new Column("STATE", 0, 10), new Column("USUALLY", 1, 12), new Column("ROUND TRIP", 2, 10), new Column("BY", 2, 8)], terminal);
        foreach (ScannedPort port in rows)
        {
            table.Add(
                new Cell(string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{ListenerKey.Word(port.Protocol)}"), Style.Strong),
                new Cell(StateGroups.Word(port.State), port.State == PortState.Open ? Style.Notable : Style.Plain),
                new Cell(ServiceNames.Of(port.Port, port.Protocol) ?? ""),
                new Cell(port.RoundTrip is int time ? string.Create(CultureInfo.InvariantCulture, $"{time / 1000.0:0.00} ms") : ""),
                new Cell(port.By?.ToString() ?? ""));
        }

        table.WriteTo(text);
    }

    private static void IdentifiedRows(StringBuilder text, List<ScannedPort> rows, Terminal terminal)
    {
        TableLayout table = new([new Column("PORT", 0, 9), new Column("STATE", 1, 8), new Column("ANSWERS", 0, 16), new Column("PROGRAM", 0, 16), new Column("WHO MAY", 0, 28), new Column("USUALLY", 2, 10), new Column("EVIDENCE", 3, 20)], terminal);
        foreach (ScannedPort port in rows)
        {
            IdentifiedService? service = port.Dialogue?.Service;
            table.Add(
                new Cell(string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{ListenerKey.Word(port.Protocol)}"), Style.Strong),
                new Cell(StateGroups.Word(port.State)),
                new Cell(service?.FullName ?? (port.Dialogue is null ? "" : "?"), service is null ? Style.Faint : Style.Plain),
                new Cell(string.Join(' ', ((string?[])[service?.Product, service?.Version]).OfType<string>())),
                new Cell(Access(port.Dialogue), service?.Authentication == AuthenticationDemand.NotAsked ? Style.Notable : Style.Plain),
                new Cell(ServiceNames.Of(port.Port, port.Protocol) ?? ""),
                new Cell(service?.Evidence ?? port.Dialogue?.Seen ?? ""));
        }

        table.WriteTo(text);
    }

    private static string Access(DialogueResult? dialogue) => dialogue switch
    {
        null => "",
        { Service: null } => dialogue.Sentence,
        { Service.AuthenticationNote: string note } => note,
        { Service.Authentication: AuthenticationDemand.Asked } => "asks who is there",
        { Service.Authentication: AuthenticationDemand.NotAsked } => "serves anybody",
        _ => "",
    };

    private static string Meaning(PortState state) => state switch
    {
        PortState.Closed => " (the host refuses)",
        PortState.Filtered => " (nothing came back)",
        PortState.Rejected => " (a firewall refuses)",
        PortState.OpenOrFiltered => " (nothing came back, which over UDP proves nothing)",
        _ => "",
    };

    /// <summary>Which ports they are, where that is worth its room: of the commonest state only where few ranges tell it.</summary>
    private static string Which(ScannedPort[] ports, bool isCommonest)
    {
        (Protocol Protocol, ImmutableArray<(int First, int Last)> Ranges)[] ranges =
            [.. ports.GroupBy(static port => port.Protocol).Select(static same => (same.Key, Merged([.. same.Select(static port => (int)port.Port)])))];
        string text = ": " + string.Join("; ", ranges.Select(static same => ReachText.Ports(same.Ranges) + (same.Protocol == Protocol.Udp ? " udp" : "")));
        return text.Length > LongestRanges || (isCommonest && ranges.Sum(static same => same.Ranges.Length) > MostRanges) ? "" : text;
    }

    private static ImmutableArray<(int First, int Last)> Merged(int[] ports)
    {
        List<(int First, int Last)> ranges = [];
        foreach (int port in ports)
        {
            if (ranges.Count > 0 && ranges[^1].Last == port - 1)
            {
                ranges[^1] = (ranges[^1].First, port);
            }
            else
            {
                ranges.Add((port, port));
            }
        }

        return [.. ranges];
    }

    private static string How(ScanReport report, string? whyConnect)
    {
        string sent = string.Create(CultureInfo.InvariantCulture, $"{report.PacketsSent:N0} {(report.Method == ProbeKind.Connect ? "connections" : "packets")} in {report.Seconds:0.00} s");
        string how = report.Method switch
        {
            ProbeKind.Connect => $"By ordinary connections ({whyConnect}): {sent}.",
            ProbeKind.Syn => $"By SYN packets alone, so that no connection was made: {sent}.",
            _ => $"By UDP: {sent}.",
        };
        string silence = report.ProbesForSilence > 0
            ? string.Create(CultureInfo.InvariantCulture, $" A silent port was asked up to {report.ProbesForSilence} times{Chance(report)}.")
            : "";
        return $"{how}{silence} What stands between is part of the answer: from elsewhere it may be another.";
    }

    private static string Chance(ScanReport report) => report.Loss is not double loss ? "; nothing answered, so that it is not known how much got lost"
        : report.MissChance is double chance and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; at most {loss * 100:0.0##} % of what was sent got lost, so that loss alone hid an open one with a chance of 1 in {1 / chance:N0}")
            : "";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
