using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>The picture of all ports, for TCP and UDP, and the same as a table.</summary>
internal static class PictureSection
{
    private static readonly string[] Columns = ["Ports", "Open", "Which"];

    internal static void AddTo(Markup page, Assessment assessment)
    {
        ImmutableArray<OpenPort> tcp = OpenPort.Of(assessment, Protocol.Tcp);
        ImmutableArray<OpenPort> udp = OpenPort.Of(assessment, Protocol.Udp);
        page.Raw("<section aria-labelledby=\"picture\">\n<h2 id=\"picture\">All 65,536 ports</h2>\n");
        page.Raw("<p>Each square holds every port once, along a Hilbert curve that begins at the top left: neighbouring numbers are neighbouring places. System ports (0 to 1023) are the small square at its beginning, enlarged beside it; dynamic ports (from 49152) are the quarter at the top right.</p>\n");
        Legend(page, [.. tcp, .. udp]);
        page.Raw("<div class=\"squares\">\n");
        Pair(page, "TCP", tcp);
        Pair(page, "UDP", udp);
        page.Raw("</div>\n");
        Elsewhere(page, assessment);
        Twin(page, tcp, udp);
        page.Raw("</section>\n");
    }

    private static void Pair(Markup page, string protocol, ImmutableArray<OpenPort> ports)
    {
        page.Add($"<figure>\n<figcaption><strong>{protocol}</strong> {(ports.IsEmpty ? "no port open" : HtmlReport.Count(ports.Length, "port") + " open")}</figcaption>\n<div class=\"pair\">\n");
        PortSquare.Whole(protocol, ports).AddTo(page);
        PortSquare.System(protocol, ports).AddTo(page);
        page.Raw("</div>\n</figure>\n");
    }

    private static void Legend(Markup page, ImmutableArray<OpenPort> ports)
    {
        if (ports.IsEmpty)
        {
            return;
        }

        page.Raw("<ul class=\"legend\" aria-label=\"Legend\">");
        foreach (PortVerdict verdict in ports.Select(port => port.Verdict).Distinct().OrderDescending())
        {
            page.Raw("<li>");
            Glyph.AddTo(page, verdict);
            page.Add($"{PortVerdicts.Words(verdict)}</li>");
        }

        page.Raw("<li>");
        Glyph.AddTo(page, ports.Max(port => port.Verdict), hollow: true);
        page.Raw("hollow: on loopback only</li></ul>\n");
    }

    /// <summary>What has no place in the picture is said, so that nobody looks for it there.</summary>
    private static void Elsewhere(Markup page, Assessment assessment)
    {
        int others = assessment.Listeners.Count(listener => listener.Namespace != NetworkNamespace.HostName);
        int portless = assessment.Listeners.Count(listener => listener.Namespace == NetworkNamespace.HostName && listener.Protocol is not (Protocol.Tcp or Protocol.Udp or Protocol.UdpLite));
        List<string> parts = [];
        if (portless > 0)
        {
            parts.Add($"{HtmlReport.Count(portless, "listener")} of other protocols or without a port");
        }

        if (others > 0)
        {
            parts.Add($"{HtmlReport.Count(others, "listener")} in other network namespaces");
        }

        if (parts.Count > 0)
        {
            page.Add($"<p>Not drawn, but in the list of listeners: {string.Join("; ", parts)}.</p>\n");
        }

        if (!assessment.Complete)
        {
            page.Raw("<p><strong>Not all was seen</strong>, so an empty place is not proof of a closed port.</p>\n");
        }
    }

    private static void Twin(Markup page, ImmutableArray<OpenPort> tcp, ImmutableArray<OpenPort> udp)
    {
        Table.Begin(page, "The same as a table", Columns);
        foreach ((string protocol, ImmutableArray<OpenPort> ports) in new[] { ("TCP", tcp), ("UDP", udp) })
        {
            foreach ((PortClass of, string range) in new[] { (PortClass.System, "system, 0 to 1023"), (PortClass.User, "user, 1024 to 49151"), (PortClass.Dynamic, "dynamic, 49152 to 65535") })
            {
                Row(page, $"{protocol} {range}", [.. ports.Where(port => PortClasses.Of(port.Number) == of)]);
            }
        }

        Table.End(page);
    }

    private static void Row(Markup page, string title, OpenPort[] ports)
    {
        page.Add($"<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{title}</th>");
        Table.Cell(page, Columns[1], ports.Length == 0 ? "none" : HtmlReport.Count(ports.Length, "port"));
        if (ports.Length == 0)
        {
            Table.Cell(page, Columns[2], "");
        }
        else
        {
            Table.BeginCell(page, Columns[2]);
            page.Raw("<ul class=\"ports\">");
            Array.ForEach(ports, port => Item(page, port));
            page.Raw("</ul></td>");
        }

        page.Raw("</tr>\n");
    }

    private static void Item(Markup page, OpenPort port)
    {
        page.Raw("<li>");
        Glyph.AddTo(page, port.Verdict, port.IsLoopback);
        page.Add($"<b>{port.Number}</b> {port.Service ?? ""} <span>{PortVerdicts.Words(port.Verdict)}{(port.IsLoopback ? ", loopback" : "")}</span></li>");
    }
}
