using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Operations;

namespace Portcullis.Cli.Report;

/// <summary>Tells a person about ports.</summary>
internal sealed class ExplainText
{
    private const int TitleWidth = 15;

    private readonly StringBuilder _text = new();
    private readonly Terminal _terminal;

    private ExplainText(Terminal terminal) => _terminal = terminal;

    internal static string Render(ImmutableArray<PortExplanation> ports, Terminal terminal)
    {
        ExplainText page = new(terminal);
        foreach (PortExplanation port in ports)
        {
            page.One(port);
        }

        page._text.Append(Paint.With("A port number proves nothing: the register and custom say what is usual, only the holder says what is.", Style.Faint, terminal)).Append('\n');
        return page._text.ToString();
    }

    private void One(PortExplanation port)
    {
        string number = string.Create(CultureInfo.InvariantCulture, $"{port.Port}/{ListenerKey.Word(port.Protocol)}");
        string? name = port.Facts?.Name ?? port.Registered?.Name;
        _text.Append(Paint.With(name is null ? number : $"{number}  {name}", Style.Strong, _terminal)).Append('\n');
        Line("Class", port.Class switch
        {
            PortClass.System => "system port (0 to 1023), given out by IETF review (RFC 6335)",
            PortClass.User => "user port (1024 to 49151), given out by IANA on request (RFC 6335)",
            PortClass.Dynamic => "dynamic port (49152 to 65535), never given out: for passing use (RFC 6335)",
        });
        Line("Registered", port.Registered is not RegistryEntry entry ? "for nothing"
            : entry.Description is string words && words != entry.Name ? $"{string.Join(", ", entry.Names)} ({words})"
            : string.Join(", ", entry.Names));
        if (port.Facts is PortFacts facts)
        {
            Known(facts);
        }

        Here(port);
        Closing(port);
        _text.Append('\n');
    }

    private void Known(PortFacts facts)
    {
        Line("What it is", facts.What);
        Line("Used by", string.Join(", ", facts.UsedBy));
        Line("Clear text", facts.ClearText switch
        {
            ClearText.Yes => facts.Encrypted is null ? "yes, always" : $"yes; encrypted: {facts.Encrypted}",
            ClearText.No => "no, encrypted",
            ClearText.Optional => facts.Encrypted is null ? "unless encryption is switched on" : $"unless encryption is switched on; encrypted: {facts.Encrypted}",
            ClearText.Weak => facts.Encrypted is null ? "weakly protected" : $"weakly protected; encrypted: {facts.Encrypted}",
            null => "depends on what uses it",
        });
        Line("Meant for", facts.Exposure switch
        {
            AdvisedExposure.None => "nobody: it should be off or replaced",
            AdvisedExposure.Loopback => "this host only",
            AdvisedExposure.Management => "administrators only (a management network, a VPN, listed addresses)",
            AdvisedExposure.Private => "the private network only",
            AdvisedExposure.Internet => "anybody",
            null => null,
        });
        Line("Risk", $"{facts.Risk.ToString().ToLowerInvariant()}, where strangers reach it");
        Line("Amplifies", facts.Amplification is null ? null : $"forged requests {facts.Amplification} times: a tool for flooding others");
        Line("Abused by", facts.Abuse);
        Line("Exploited", facts.Exploited.IsEmpty ? null : $"for example {string.Join(", ", facts.Exploited)}");
        Line("Instead", facts.Instead);
        Line("In Debian", facts.Packages.IsEmpty ? null
            : string.Join(", ", facts.Packages)
                + (facts.Units.IsEmpty ? "" : $"; {string.Join(", ", facts.Units)}")
                + (facts.DefaultBind is null ? "" : $"; listens on {facts.DefaultBind}"));
        Line("In Windows", facts.WindowsService);
    }

    private void Here(PortExplanation port)
    {
        if (!port.Looked)
        {
            return;
        }

        if (port.Holders.IsEmpty)
        {
            Line("Here", port.Gaps.Any(gap => gap.What.Contains("sockets", System.StringComparison.Ordinal))
                ? "nothing that was seen; not all could be (see: portcullis audit)"
                : "nothing holds it");
        }

        foreach (ListenerRow row in ListenerRow.Of(port.Holders, each: false))
        {
            IEnumerable<string> parts = new[]
            {
                row.HeldBy == "?" ? "held by something that was not seen" : row.HeldBy,
                row.Unit, row.Package.Length == 0 ? "" : $"package {row.Package} {row.Version}".TrimEnd(),
                $"on {row.Heard}", row.IsElsewhere ? $"in network namespace {row.First.Namespace}" : "",
                string.Join("; ", row.Remarks.Select(remark => remark.Text)),
            }.Where(part => part.Length > 0);
            Line("Here", string.Join(", ", parts), Style.Strong);
        }
    }

    /// <summary>What closes it here; where nothing holds it here, what usually would.</summary>
    private void Closing(PortExplanation port)
    {
        string[] commands = port.Holders.IsEmpty
            ? [.. Usual(port.Facts)]
            : [.. port.Holders.Select(Remedy.Stop).Distinct()];
        if (commands.Length > 0)
        {
            Line(port.Holders.IsEmpty ? "To close" : "To close here", string.Join("; or ", commands));
        }
    }

    private static IEnumerable<string> Usual(PortFacts? facts)
    {
        if (facts is { Units.IsEmpty: false })
        {
            yield return $"sudo systemctl disable --now {facts.Units[0]}";
        }

        if (facts is { Packages.IsEmpty: false })
        {
            yield return $"sudo apt remove {facts.Packages[0]}";
        }
    }

    private void Line(string title, string? text, Style style = Style.Plain)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        StringBuilder wrapped = new();
        Wrap.WriteTo(wrapped, $"  {title.PadRight(TitleWidth)}{PlainText.Of(text)}", _terminal.Width, new string(' ', TitleWidth + 2));
        _text.Append(Paint.With(wrapped.ToString().TrimEnd('\n'), style, _terminal)).Append('\n');
    }
}
