using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Shows a person how packets walk through the rules, chain by chain.</summary>
internal static class WalkText
{
    /// <summary>Writes the walks, one behind the other.</summary>
    internal static string Render(ImmutableArray<Witness> witnesses, Terminal terminal)
    {
        StringBuilder text = new();
        foreach (Witness witness in witnesses)
        {
            string head = string.Create(
                CultureInfo.InvariantCulture,
                $"A first packet from {Address(witness.Source)}:{witness.SourcePort} to {Address(witness.Destination)}:{witness.Port}/{ListenerKey.Word(witness.Protocol)} by {witness.Interface} is {ReachText.Word(witness.Verdict)}:");
            text.Append('\n');
            Wrap.WriteTo(text, PlainText.Of(head), terminal.Width, "  ");
            TableLayout table = new([new Column("HOOK", 0, 10), new Column("RULE", 0, 30), new Column("WHAT IT DID", 0, 20)], terminal);
            foreach (WalkEvent step in witness.Walk.Events)
            {
                table.Add(new Cell(step.Hook), new Cell(PlainText.Of(step.Place?.ToString() ?? "the kernel")), new Cell(PlainText.Of(step.Did)));
            }

            if (witness.Walk.Events.Length > 0)
            {
                table.WriteTo(text);
            }

            Wrap.WriteTo(text, PlainText.Of($"{Ending(witness.Walk)}{(witness.Verdict == ReachVerdict.Conditional ? "; where something else than the packet counts, this walk takes it to hold" : "")}."), terminal.Width, "  ");
        }

        return text.ToString();
    }

    private static string Address(IpAddress address) => address.Version == IpVersion.V6 ? $"[{address}]" : address.ToString();

    private static string Ending(WalkResult walk) => $"It {Word(walk.Verdict)}{(walk.By is null ? ", and no rule had a word in it" : $" by {walk.By}")}";

    /// <summary>How a walk ends, in a word.</summary>
    internal static string Word(WalkVerdict verdict) => verdict switch
    {
        WalkVerdict.Accepted => "is let in",
        WalkVerdict.Dropped => "is dropped without an answer",
        WalkVerdict.Rejected => "is refused with an answer",
        _ => "meets something that is not understood",
    };
}
