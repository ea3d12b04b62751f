using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows findings, worst first: what is amiss, and the one thing that mends it.</summary>
internal static class FindingList
{
    private const int FewestShown = 3;
    private const int TitleIndent = 17;

    /// <summary>Writes all of them with everything that is known.</summary>
    internal static void WriteAll(StringBuilder text, Assessment assessment, Terminal terminal)
    {
        text.Append(assessment.Findings.IsEmpty ? "" : "\n");
        foreach (Finding finding in assessment.Findings)
        {
            Write(text, finding, terminal, verbose: true);
        }
    }

    /// <summary>Writes the worst, as many as there is room for; those that only inform, and what has no room, are counted.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="assessment">The assessment.</param>
    /// <param name="terminal">How it may look.</param>
    /// <param name="room">How many lines there are; the three worst, and all that are critical or high, are shown in any case.</param>
    internal static void WriteWorst(StringBuilder text, Assessment assessment, Terminal terminal, int room)
    {
        // One service heard over IPv4 and IPv6 is two listeners, and to a reader one matter.
        Finding[] matters =
            [.. assessment.Findings.Where(finding => finding.Severity > Severity.Info).DistinctBy(finding => $"{finding.Id} {finding.Title}", StringComparer.Ordinal)];
        int shown = 0;
        for (int used = 0; shown < matters.Length; shown++)
        {
            StringBuilder one = new();
            Write(one, matters[shown], terminal, verbose: false);
            string lines = one.ToString();
            used += lines.Count('\n');
            if (matters[shown].Severity < Severity.High && shown >= FewestShown && used > room)
            {
                break;
            }

            text.Append(shown == 0 ? "\n" : "").Append(lines);
        }

        Finding[] rest = [.. matters.Skip(shown), .. assessment.Findings.Where(finding => finding.Severity == Severity.Info)];
        if (rest.Length > 0)
        {
            Wrap.WriteTo(text, $"{(shown == 0 ? "\n" : "")}Not shown: {Counts(rest)} (portcullis audit --verbose).", terminal.Width, "  ");
        }
    }

    /// <summary>"2 high, 1 low"; "none" for none.</summary>
    internal static string Counts(IEnumerable<Finding> findings)
    {
        string[] counts =
        [
            .. findings.GroupBy(finding => finding.Severity).OrderByDescending(same => same.Key)
                .Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Count()} {Word(same.Key)}")),
        ];
        return counts.Length == 0 ? "none" : string.Join(", ", counts);
    }

    /// <summary>The word for it everywhere.</summary>
    internal static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    internal static Style StyleOf(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => Style.Alarming,
        Severity.Medium => Style.Notable,
        Severity.Low => Style.Strong,
        _ => Style.Plain,
    };

    private static void Write(StringBuilder text, Finding finding, Terminal terminal, bool verbose)
    {
        string indent = new(' ', TitleIndent);
        StringBuilder title = new();
        Wrap.WriteTo(title, $"{Word(finding.Severity).ToUpperInvariant(),-8} {finding.Id}  {PlainText.Of(finding.Title)}", terminal.Width, indent);
        text.Append(Paint.With(title.ToString().TrimEnd('\n'), StyleOf(finding.Severity), terminal)).Append('\n');
        if (verbose)
        {
            Line(text, "about: ", finding.Subject, terminal);
            foreach (string fact in finding.Evidence)
            {
                Line(text, "- ", fact, terminal);
            }

            if (!finding.Controls.IsEmpty)
            {
                Line(text, "controls: ", string.Join(", ", finding.Controls), terminal);
            }
        }

        Line(text, terminal.Unicode ? "→ " : "> ", finding.Remedy, terminal);
    }

    private static void Line(StringBuilder text, string mark, string rest, Terminal terminal) =>
        Wrap.WriteTo(text, new string(' ', TitleIndent) + mark + PlainText.Of(rest), terminal.Width, new string(' ', TitleIndent + 2));
}
