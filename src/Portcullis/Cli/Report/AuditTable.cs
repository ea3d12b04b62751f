using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows an assessment to a person, on one screen for an ordinary server.</summary>
internal sealed class AuditTable(Assessment assessment, Terminal terminal, bool verbose)
{
    private const int UsualHeight = 40; // lines, where the output is no terminal

    private readonly StringBuilder _text = new();
    private readonly SortedSet<string> _hidden = new(StringComparer.Ordinal); // the columns for which there was no room

    /// <summary>The whole report.</summary>
    internal string Render()
    {
        List<ListenerRow> rows = ListenerRow.Of(assessment.Listeners, each: verbose);
        List<ListenerRow> quiet = verbose ? [] : [.. rows.Where(row => row is { IsLoopback: true, IsAlarming: false })];
        List<ListenerRow> shown = [.. rows.Except(quiet)];
        Tables(shown);
        Loopback(quiet);
        GapList.WriteTo(_text, assessment.Gaps, terminal);
        Foot();

        // The findings stand first, but get the room that the rest leaves.
        StringBuilder head = new();
        Headline.WriteTo(head, assessment, terminal);
        Wrap.WriteTo(head, PlainText.Of(FirewallLine.Of(assessment.Firewall)), terminal.Width, "  ");
        Wrap.WriteTo(head, PlainText.Of(PolicyLine.Of(assessment)), terminal.Width, "  ");
        foreach (string proved in ProofLine.Of(assessment))
        {
            Wrap.WriteTo(head, PlainText.Of(proved), terminal.Width, "  ");
        }

        if (verbose)
        {
            if (ComplianceLine.Of(assessment) is { Length: > 0 } counted)
            {
                Wrap.WriteTo(head, counted, terminal.Width, "  ");
            }

            if (ProgramLine.Of(assessment.Firewall) is { Length: > 0 } programs)
            {
                Wrap.WriteTo(head, PlainText.Of(programs), terminal.Width, "  ");
            }

            FindingList.WriteAll(head, assessment, terminal);
        }
        else
        {
            FindingList.WriteWorst(head, assessment, terminal, (terminal.Height ?? UsualHeight) - Lines(head) - Lines(_text) - 3);
        }

        return head.Append(_text).ToString();
    }

    private static int Lines(StringBuilder text) => text.ToString().Count('\n');

    private void Foot()
    {
        _text.Append('\n');
        Wrap.WriteTo(_text, ReachedFrom.Caption(assessment), terminal.Width, "");
        if (_hidden.Count > 0)
        {
            Wrap.WriteTo(_text, $"No room here for {string.Join(", ", _hidden)}: a wider terminal shows {(_hidden.Count == 1 ? "it" : "them")}, and so do --json and a file (--output).", terminal.Width, "");
        }

        if (PolicyLine.Next(assessment) is { Length: > 0 } next)
        {
            Wrap.WriteTo(_text, next, terminal.Width, "  ");
        }
        else if (assessment.Findings.FirstOrDefault(MayBeWanted) is Finding one)
        {
            Wrap.WriteTo(_text, $"What is wanted all the same: portcullis accept {Remedy.Word(one.Subject)} --reason TEXT (the others' keys: --verbose).", terminal.Width, "  ");
        }
    }

    /// <summary>Whether the port's service may be wanted. Where something looks out of order (PC3), nobody is taught to accept it.</summary>
    private bool MayBeWanted(Finding finding) =>
        finding.Severity > Severity.Info && finding.Id[2] is '1' or '2' && SubjectName.IsKey(finding.Subject)
        && !assessment.Findings.Any(other => other.Id[2] == '3' && other.Subject == finding.Subject);

    /// <summary>A table for each namespace, the host's first and without a title.</summary>
    private void Tables(List<ListenerRow> rows)
    {
        foreach (IGrouping<string, ListenerRow> network in rows.GroupBy(row => row.First.Namespace, StringComparer.Ordinal))
        {
            _text.Append('\n');
            if (network.Key != NetworkNamespace.HostName)
            {
                Wrap.WriteTo(_text, $"In network namespace {PlainText.Of(network.Key)}:", terminal.Width, "  ");
            }

            Rows(network);
        }
    }

    private void Rows(IEnumerable<ListenerRow> rows)
    {
        TableLayout table = new(
        [
            new Column("PORT", 0, 9),
            new Column("SERVICE", 5, 8),
            new Column("HEARD ON", 0, 13),
            new Column("REACHED FROM", 1, 12),
            new Column("PROVED", 2, 16),
            new Column("HELD BY", 0, 10),
            new Column("PID", 9, 3),
            new Column("UNIT", 4, 14),
            new Column("STATE", 8, 6),
            new Column("PACKAGE", 6, 10),
            new Column("VERSION", 10, 6),
            new Column("ALLOWED AS", 3, 10),
            new Column("REMARKS", 0, 24),
        ], terminal);
        foreach (ListenerRow row in rows)
        {
            Remark[] remarks = [.. row.Remarks];
            table.Add(
                new Cell(row.Port, Style.Strong),
                new Cell(row.Service),
                new Cell(row.Heard, row.First.Scope is Scope.Any or Scope.Address ? Style.Plain : Style.Faint),
                new Cell(ReachedFrom.Of(row.All), row.First.Expected == true ? Style.Plain : Style.Notable),
                new Cell(ProvedBy.Of(row.All), ProvedBy.StyleOf(row.All)),
                new Cell(row.HeldBy),
                new Cell(verbose ? row.Pids : ""),
                new Cell(row.Unit),
                new Cell(verbose ? row.Enabled : ""),
                new Cell(row.Package),
                new Cell(verbose ? row.Version : ""),
                new Cell(row.AllowedAs, row.First.Expected == false ? Style.Notable : Style.Plain),
                new Cell(string.Join("; ", remarks.Select(remark => remark.Text)), remarks.Length == 0 ? Style.Plain : remarks[0].Style));
        }

        _hidden.UnionWith(table.WriteTo(_text));
    }

    private void Loopback(List<ListenerRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        string list = string.Join(", ", rows.Select(row => row.IsElsewhere ? $"{row.Port} {row.HeldBy} in {row.First.Namespace}" : $"{row.Port} {row.HeldBy}"));
        _text.Append('\n');
        Wrap.WriteTo(_text, string.Create(CultureInfo.InvariantCulture, $"On loopback only ({rows.Count}): {PlainText.Of(list)}"), terminal.Width, "  ");
    }
}
