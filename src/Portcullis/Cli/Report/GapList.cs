using System.Collections.Immutable;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Says what was not seen.</summary>
internal static class GapList
{
    internal static void WriteTo(StringBuilder text, ImmutableArray<Gap> gaps, Terminal terminal)
    {
        if (gaps.IsEmpty)
        {
            return;
        }

        text.Append('\n').Append(Paint.With("Not seen:", Style.Notable, terminal)).Append('\n');
        foreach (Gap gap in gaps)
        {
            Wrap.WriteTo(text, "  " + Sentence(gap), terminal.Width, "    ");
        }
    }

    /// <summary>"owner of 3 sockets: not root (run with sudo)".</summary>
    internal static string Sentence(Gap gap) =>
        PlainText.Of(gap.Remedy is null ? $"{gap.What}: {gap.Why}" : $"{gap.What}: {gap.Why} ({gap.Remedy})");
}
