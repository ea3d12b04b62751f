using System.Text;
using Portcullis.Cli.Table;

namespace Portcullis.Cli.Report.Html;

/// <summary>Escapes text for HTML, in content and in quoted attributes alike.</summary>
internal static class MarkupText
{
    internal static void AppendTo(StringBuilder text, string value)
    {
        foreach (char letter in PlainText.Of(value))
        {
            switch (letter)
            {
                case '&':
                    text.Append("&amp;");
                    break;
                case '<':
                    text.Append("&lt;");
                    break;
                case '>':
                    text.Append("&gt;");
                    break;
                case '"':
                    text.Append("&quot;");
                    break;
                case '\'':
                    text.Append("&#39;");
                    break;
                default:
                    text.Append(letter);
                    break;
            }
        }
    }
}
