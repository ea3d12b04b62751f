using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Portcullis.Cli.Report.Html;

/// <summary>
/// One square of the picture as SVG: all ports, or the system ports eight times larger. Only ports that listen are drawn, so the
/// picture of an ordinary server is a few kilobytes.
/// </summary>
internal sealed class PortSquare
{
    private const double Size = 256; // user units, one a cell in the whole square
    private const double Radius = 3.6;
    private const double LetterWidth = 4.1;
    private const double LetterHeight = 7;
    private const int Blocks = 256; // the curve in the background goes through the middles of so many blocks

    private readonly string _id;
    private readonly string _title;
    private readonly int _count; // the number of ports in the square, which begins at port 0
    private readonly double _unit;
    private readonly ImmutableArray<OpenPort> _ports;
    private readonly List<(double Left, double Top, double Right, double Bottom)> _taken = [];

    private PortSquare(string id, string title, int count, ImmutableArray<OpenPort> ports)
    {
        _id = id;
        _title = title;
        _count = count;
        _unit = Size / Math.Sqrt(count);
        _ports = [.. ports.Where(port => port.Number < count)];
    }

    /// <summary>All ports of a protocol.</summary>
    internal static PortSquare Whole(string protocol, ImmutableArray<OpenPort> ports) =>
        new($"{protocol.ToLowerInvariant()}-all", $"All {protocol} ports", HilbertCurve.Side * HilbertCurve.Side, ports);

    /// <summary>The system ports of a protocol.</summary>
    internal static PortSquare System(string protocol, ImmutableArray<OpenPort> ports) =>
        new($"{protocol.ToLowerInvariant()}-system", $"System {protocol} ports, 0 to 1023", 1024, ports);

    private bool IsWhole => _count > 1024;

    internal void AddTo(Markup page)
    {
        page.Add($"<svg class=\"square\" viewBox=\"-3 -3 262 262\" role=\"img\" aria-labelledby=\"{_id}-t {_id}-d\">\n<title id=\"{_id}-t\">{_title}</title>\n");
        page.Add($"<desc id=\"{_id}-d\">{Description()}</desc>\n<rect class=\"ground\" x=\"-2\" y=\"-2\" width=\"260\" height=\"260\" rx=\"3\"/>\n");
        page.Raw(IsWhole ? "<path class=\"outline\" d=\"M0 0H32V32H0ZM128 0H256V128H128Z\"/>\n" : "");
        page.Add($"<path class=\"curve\" d=\"{Curve()}\"/>\n");
        if (IsWhole)
        {
            Caption(page, 3, 41, "system 0\u20131023");
            Caption(page, 132, 10, "dynamic 49152\u201365535");
            Caption(page, 3, 252, "user 1024\u201349151");
        }
        else
        {
            Caption(page, 3, 252, "system 0\u20131023, enlarged");
        }

        // The worst come last, so that nothing covers them; places are taken before any number is written beside one.
        OpenPort[] drawn = [.. _ports.OrderBy(port => port.Verdict).ThenBy(port => port.Number)];
        Array.ForEach(drawn, port => Take(port, Radius));
        Array.ForEach(drawn, port => Mark(page, port));
        foreach (OpenPort port in drawn.Reverse().Where(port => !IsWhole || port.Number >= 1024))
        {
            Number(page, port);
        }

        page.Raw("</svg>\n");
    }

    private string Description() => _ports.IsEmpty
        ? "No port is open."
        : string.Create(CultureInfo.InvariantCulture, $"{HtmlReport.Count(_ports.Length, "port")} open: ")
            + string.Join(", ", _ports.GroupBy(port => port.Verdict).OrderByDescending(same => same.Key).Select(same => string.Create(CultureInfo.InvariantCulture, $"{same.Count()} {PortVerdicts.Words(same.Key)}")))
            + ". The table below says the same.";

    private (double X, double Y) Middle(int port)
    {
        (int column, int row) = HilbertCurve.CellOf(port);
        return ((column + 0.5) * _unit, (row + 0.5) * _unit);
    }

    private string Curve()
    {
        StringBuilder path = new();
        double block = Size / Math.Sqrt(Blocks);
        for (int index = 0; index < Blocks; index++)
        {
            (double x, double y) = Middle(index * (_count / Blocks));
            path.Append(index == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{Center(x)} {Center(y)}");
        }

        return path.ToString();

        double Center(double at) => (Math.Floor(at / block) + 0.5) * block;
    }

    private static void Caption(Markup page, double x, double y, string words) => page.Add($"<text class=\"caption\" x=\"{x}\" y=\"{y}\">{words}</text>\n");

    private void Mark(Markup page, OpenPort port)
    {
        (double x, double y) = Middle(port.Number);
        page.Add($"<g class=\"mark {PortVerdicts.Class(port.Verdict)}{(port.IsLoopback ? " hollow" : "")}\"><title>{port.Number} {port.Service ?? ""}: {PortVerdicts.Words(port.Verdict)}</title>");
        page.Add($"<path transform=\"translate({x} {y}) scale({Radius})\" d=\"{PortVerdicts.Shape(port.Verdict)}\"/></g>\n");
    }

    /// <summary>Writes the number where there is room: right, left, above or below; else nowhere, the table has it.</summary>
    private void Number(Markup page, OpenPort port)
    {
        (double x, double y) = Middle(port.Number);
        string number = port.Number.ToString(CultureInfo.InvariantCulture);
        double width = number.Length * LetterWidth;
        (double X, double Y)[] places =
        [
            (x + Radius + 1.5, y + (LetterHeight / 2) - 1), (x - Radius - 1.5 - width, y + (LetterHeight / 2) - 1),
            (x - (width / 2), y - Radius - 1.5), (x - (width / 2), y + Radius + LetterHeight),
        ];
        foreach ((double left, double bottom) in places)
        {
            (double Left, double Top, double Right, double Bottom) box = (left, bottom - LetterHeight + 1, left + width, bottom + 1);
            if (box.Left >= 0 && box.Top >= 0 && box.Right <= Size && box.Bottom <= Size && !_taken.Exists(other => Overlap(box, other)))
            {
                _taken.Add(box);
                page.Add($"<text class=\"number\" x=\"{left}\" y=\"{bottom}\">{number}</text>\n");
                return;
            }
        }
    }

    private void Take(OpenPort port, double radius)
    {
        (double x, double y) = Middle(port.Number);
        _taken.Add((x - radius, y - radius, x + radius, y + radius));
    }

    private static bool Overlap((double Left, double Top, double Right, double Bottom) one, (double Left, double Top, double Right, double Bottom) other) =>
        one.Left < other.Right && other.Left < one.Right && one.Top < other.Bottom && other.Top < one.Bottom;
}
