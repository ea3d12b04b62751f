using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows the way to a port, hop by hop.</summary>
internal static class PathText
{
    private const string Indent = "     ";

    internal static void WriteTo(StringBuilder text, TraceReport report, Terminal terminal)
    {
        if (report.Path.IsEmpty)
        {
            return;
        }

        int width = Math.Max(7, report.Path.SelectMany(static hop => hop.Addresses).Select(static address => address.ToString().Length).DefaultIfEmpty(0).Max());
        text.Append(Paint.With($"hop  {"address".PadRight(width)}    lost  {"best",8}  {"worst",8}", Style.Strong, terminal)).Append('\n');
        bool isReached = report.Path[^1].IsTarget; // else nothing tells loss from silence
        foreach (RouteHop hop in report.Path)
        {
            string address = hop.Addresses.IsEmpty ? "(silent)" : hop.Addresses[0].ToString();
            string lost = string.Create(CultureInfo.InvariantCulture, $"{(hop.Sent == 0 ? 0 : 100 * (hop.Sent - hop.Answered) / hop.Sent)}%");
            string best = hop.RoundTrips.IsEmpty ? "" : TraceJudgement.Time(hop.RoundTrips[0]);
            string worst = hop.RoundTrips.IsEmpty ? "" : TraceJudgement.Time(hop.RoundTrips[^1]);
            string row = string.Create(CultureInfo.InvariantCulture, $"{hop.Hop,3}  {address.PadRight(width)}  {lost,6}  {best,8}  {worst,8}");
            string remark = Remark(hop, isReached);
            bool isBeside = remark.Length == 0 || row.Length + 2 + remark.Length <= (terminal.Width ?? int.MaxValue);
            text.Append((isBeside ? $"{row}  {remark}" : row).TrimEnd()).Append('\n');
            if (!isBeside)
            {
                Wrap.WriteTo(text, Indent + remark, terminal.Width, Indent);
            }

            foreach (IpAddress other in hop.Addresses.Skip(1))
            {
                text.Append(Indent).Append(other).Append('\n');
            }
        }

        text.Append('\n');
        if (report.Paths.Length > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"The network balances between {report.Paths.Length} ways:\n");
            foreach (RoutePath path in report.Paths)
            {
                string way = string.Join(terminal.Unicode ? " → " : " > ", path.Addresses.Select(static address => address?.ToString() ?? "?"));
                Wrap.WriteTo(text, string.Create(CultureInfo.InvariantCulture, $"  {path.Flows} of {report.Paths.Sum(static one => one.Flows)} flows: {way}"), terminal.Width, "    ");
            }

            text.Append('\n');
        }
    }

    private static string Remark(RouteHop hop, bool isReached) => string.Join("; ", ((string?[])
    [
        hop.IsTarget ? "the target" : null,
        hop.Remark is null ? null : $"says: {hop.Remark}",
        hop.IsLossReal ? "packets are lost from here on"
            : hop.Answered == 0 || hop.Answered == hop.Sent ? null
            : isReached && !hop.IsTarget ? "answers seldom: nothing is lost here"
            : "packets are lost, or it answers seldom",
    ]).OfType<string>());
}
