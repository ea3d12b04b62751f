using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>Writes a draft as a policy file, each line with what was seen, and with what speaks against it.</summary>
internal static class DraftText
{
    internal static string Render(PolicyDraft draft, HostFacts host, DateTimeOffset takenAt)
    {
        StringBuilder text = new();
        Comment(text, "", $"portcullis.yaml: what {host.Name ?? "this machine"} is for. What it does not allow is a finding.");
        Comment(text, "", $"A draft, made of what ran on {takenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}: it allows all of it, also what it ADVISES AGAINST.");
        Comment(text, "", "Take out what the machine does not need, and close that. Roles: portcullis roles; a finding: portcullis explain ID.");
        foreach (Gap gap in draft.Gaps)
        {
            Comment(text, "", $"NOT SEEN, so not here: {gap.What} ({gap.Why})");
        }

        text.Append('\n');
        Roles(text, draft);
        Exceptions(text, draft);
        return text.ToString();
    }

    private static void Roles(StringBuilder text, PolicyDraft draft)
    {
        if (draft.Roles.IsEmpty)
        {
            Comment(text, "", "No role of the catalogue fits what was seen.");
            text.Append("roles: []\n");
            return;
        }

        text.Append("roles:\n");
        foreach (Role role in draft.Roles)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {role.Name}\n");
            foreach (DraftLine line in draft.Allowed.Where(line => line.Listener.Role == role.Name))
            {
                Comment(text, "    ", $"{line.Listener.RoleService}: {Wording.Binding(line.Listener)}");
                Against(text, "    ", line.Against);
            }
        }
    }

    private static void Exceptions(StringBuilder text, PolicyDraft draft)
    {
        DraftLine[] lasting = [.. draft.Exceptions.Where(line => !line.IsOfTheMoment)];
        Finding[] others = [.. draft.Others.Where(finding => finding.Severity > Severity.Info).DistinctBy(finding => finding.Subject, StringComparer.Ordinal)];
        Moments(text, [.. draft.Exceptions.Where(line => line.IsOfTheMoment)]);
        if (lasting.Length == 0 && others.Length == 0)
        {
            return;
        }

        text.Append("\nallow:\n");
        foreach (DraftLine line in lasting)
        {
            Comment(text, "  ", Wording.Binding(line.Listener));
            Against(text, "  ", line.Against);
            Item(text, line.Listener.Key, "it ran when this draft was made; nobody has said why");
        }

        foreach (Finding finding in others)
        {
            Against(text, "  ", [finding]);
            Item(text, finding.Subject, "it was so when this draft was made; nobody has said why");
        }
    }

    /// <summary>A key holds the port's number, so that one for a port that changes with every start would be spent by tomorrow.</summary>
    private static void Moments(StringBuilder text, DraftLine[] lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        text.Append('\n');
        Comment(text, "", "Not excepted, since the kernel chose the port and it is another after the next start; the audit tells of it as info (PC1001) and passes:");
        foreach (DraftLine line in lines)
        {
            Comment(text, "", "  " + Wording.Binding(line.Listener));
        }
    }

    private static void Item(StringBuilder text, string key, string reason) =>
        text.Append(CultureInfo.InvariantCulture, $"  - key: {PolicyEdit.Quote(key)}\n    reason: {reason}\n");

    private static void Against(StringBuilder text, string indent, IEnumerable<Finding> against)
    {
        foreach (Finding finding in against)
        {
            Comment(text, indent, $"{(finding.Severity > Severity.Info ? "ADVISED AGAINST" : "note")} ({finding.Id}, {finding.Severity.ToString().ToLowerInvariant()}): {finding.Title}");
        }
    }

    private static void Comment(StringBuilder text, string indent, string comment) => text.Append(indent).Append("# ").Append(PlainText.Of(comment)).Append('\n');
}
