using System;
using System.Text;
using Portcullis.Cli.Table;
using Portcullis.Core.Knowledge;

namespace Portcullis.Cli.Report;

/// <summary>Shows the page of a kind of finding.</summary>
internal static class FindingText
{
    internal static string Render(FindingPage page, Terminal terminal)
    {
        StringBuilder text = new();
        text.Append(Paint.With($"{page.Id}: {page.Title}", Style.Strong, terminal)).Append('\n');
        foreach (string paragraph in page.Text.Split("\n\n"))
        {
            text.Append('\n');
            if (paragraph.StartsWith("## ", StringComparison.Ordinal))
            {
                int end = paragraph.IndexOf('\n', StringComparison.Ordinal);
                text.Append(Paint.With(end < 0 ? paragraph[3..] : paragraph[3..end], Style.Strong, terminal)).Append('\n');
                if (end >= 0)
                {
                    Lines(text, paragraph[(end + 1)..], terminal);
                }
            }
            else
            {
                Lines(text, paragraph, terminal);
            }
        }

        if (!page.Controls.IsEmpty)
        {
            text.Append('\n');
            Wrap.WriteTo(text, "Controls: " + string.Join(", ", page.Controls), terminal.Width, "  ");
        }

        return text.ToString();
    }

    /// <summary>A list or a piece of code keeps its lines; other lines of a paragraph run on.</summary>
    private static void Lines(StringBuilder text, string paragraph, Terminal terminal)
    {
        StringBuilder running = new();
        foreach (string line in paragraph.Split('\n'))
        {
            bool isItem = line.StartsWith("- ", StringComparison.Ordinal);
            bool isCode = line.StartsWith("    ", StringComparison.Ordinal);
            if ((isItem || isCode) && running.Length > 0)
            {
                Flush();
            }

            if (isCode)
            {
                text.Append("  ").Append(line).Append('\n');
                continue;
            }

            running.Append(running.Length > 0 ? " " : "").Append(line.Trim());
        }

        Flush();

        void Flush()
        {
            if (running.Length > 0)
            {
                Wrap.WriteTo(text, "  " + PlainText.Of(running.ToString()), terminal.Width, running[0] == '-' ? "    " : "  ");
                running.Clear();
            }
        }
    }
}
