using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>The first two lines of a report: which machine, and how much listens on it.</summary>
internal static class Headline
{
    internal static void WriteTo(StringBuilder text, Assessment assessment, Terminal terminal)
    {
        HostFacts host = assessment.Host;
        string[] parts =
        [
            host.Name ?? "this machine", host.Os ?? "unknown system", host.Kernel is null ? "unknown kernel" : $"Linux {host.Kernel}",
            assessment.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        ];
        StringBuilder line = new();
        Wrap.WriteTo(line, PlainText.Of(string.Join(", ", parts)), terminal.Width, "  ");
        text.Append(Paint.With(line.ToString().TrimEnd('\n'), Style.Strong, terminal)).Append('\n');
        Wrap.WriteTo(text, Counts(assessment), terminal.Width, "  ");
    }

    /// <summary>"14 listeners: 9 heard beyond this host, 5 on loopback only."</summary>
    internal static string Counts(Assessment assessment)
    {
        int all = assessment.Listeners.Length;
        int elsewhere = assessment.Listeners.Count(listener => listener.Namespace != NetworkNamespace.HostName);
        int loopback = assessment.Listeners.Count(listener => listener.Scope == Scope.Loopback && listener.Namespace == NetworkNamespace.HostName);
        string counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{all} listener{(all == 1 ? "" : "s")}: {all - elsewhere - loopback} heard beyond this host, {loopback} on loopback only");
        return elsewhere == 0 ? counts + "." : string.Create(CultureInfo.InvariantCulture, $"{counts}, {elsewhere} in other network namespaces.");
    }
}
