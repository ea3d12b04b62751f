using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>
/// Writes an assessment as the register of ports that an auditor asks for: a record for each listener, then one for each finding
/// that is about none of them (a missing service, an expired exception), then one for each thing that could not be checked, so that
/// the register of a machine that was half seen never looks whole. CSV by RFC 4180: CRLF, a header line, UTF-8 without a mark.
/// </summary>
internal static class AuditCsv
{
    // New columns go to the end: programs read this by position too.
    private static readonly (string Name, Func<Listener, string?> Of)[] Columns =
    [
        ("key", one => one.Key),
        ("protocol", one => ListenerKey.Word(one.Protocol)),
        ("port", one => one.Protocol == Protocol.Packet ? null : one.Port.ToString(CultureInfo.InvariantCulture)),
        ("address", one => one.Address?.ToString()),
        ("interface", one => one.Interface),
        ("scope", one => ListenerKey.Word(one.Scope)),
        ("family", one => ListenerKey.Word(one.Family)),
        ("namespace", one => one.Namespace),
        ("service", one => one.Service.Name),
        ("expected", one => one.Expected switch { true => "yes", false => "no", null => null }),
        ("role", one => one.Role),
        ("role service", one => one.RoleService),
        ("reason", one => one.Approval?.Reason),
        ("owner", one => one.Approval?.Owner),
        ("expires", one => one.Approval?.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("from", one => one.Approval is { } approval ? Joined(approval.From) : null),
        ("holder", one => one.Holder.Name),
        ("unit", one => one.Unit?.Name),
        ("package", one => one.Package?.Name),
        ("version", one => one.Package?.Version),
        ("executable", one => Joined(one.Processes.Select(process => process.Executable).OfType<string>())),
        ("user", one => Joined(one.Processes.Select(process => process.User).OfType<string>())),
        ("container", one => one.Container?.Name ?? one.Container?.Id),
    ];

    /// <summary>The whole register.</summary>
    internal static string Render(Assessment assessment)
    {
        StringBuilder text = new();
        Record(text, ["record", .. Columns.Select(column => column.Name), "evidence", "findings", "taken at", "host", "reached from"]);
        ILookup<string, Finding> findings = assessment.Findings.ToLookup(finding => finding.Subject, StringComparer.Ordinal);
        foreach (Listener listener in assessment.Listeners)
        {
            Finding[] own = [.. findings[listener.Key]];
            Record(text, assessment, "listener", Columns.Select(column => column.Of(listener)), Evidence(listener, own), Joined(own.Select(finding => finding.Id)), ReachedFrom.Of([listener]));
        }

        HashSet<string> keys = [.. assessment.Listeners.Select(listener => listener.Key)];
        foreach (Finding finding in assessment.Findings.Where(finding => !keys.Contains(finding.Subject)))
        {
            Record(text, assessment, "finding", Only(finding.Subject), Sentence(finding), finding.Id);
        }

        foreach (Gap gap in assessment.Gaps)
        {
            Record(text, assessment, "not seen", Only(null), GapList.Sentence(gap), null);
        }

        return text.ToString();
    }

    private static IEnumerable<string?> Only(string? key) => Columns.Select((_, index) => index == 0 ? key : null);

    /// <summary>What shows that it is so: the sockets' count, the processes, the file that opens it, and what was found.</summary>
    private static string Evidence(Listener listener, Finding[] findings)
    {
        List<string> facts = [string.Create(CultureInfo.InvariantCulture, $"{listener.Sockets} socket{(listener.Sockets == 1 ? "" : "s")}")];
        facts.AddRange(listener.Processes.DistinctBy(process => process.Pid).Select(process => string.Create(CultureInfo.InvariantCulture, $"process {process.Pid} {process.Name}")));
        if ((listener.SuperServer?.Source ?? listener.Unit?.Fragment) is string file)
        {
            facts.Add(file);
        }

        facts.AddRange(findings.Select(Sentence));
        return string.Join("; ", facts);
    }

    private static string Sentence(Finding finding) => $"{finding.Id} {FindingList.Word(finding.Severity)}: {finding.Title}";

    private static string Joined(IEnumerable<string> items) => string.Join(' ', items.Distinct(StringComparer.Ordinal));

    private static void Record(StringBuilder text, Assessment assessment, string kind, IEnumerable<string?> cells, string? evidence, string? findings, string? reached = null) =>
        Record(text, [kind, .. cells, evidence, findings, assessment.TakenAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), assessment.Host.Name, reached]);

    private static void Record(StringBuilder text, string?[] cells)
    {
        for (int index = 0; index < cells.Length; index++)
        {
            text.Append(index == 0 ? "" : ",");
            CsvCell.AppendTo(text, cells[index]);
        }

        text.Append("\r\n");
    }
}
