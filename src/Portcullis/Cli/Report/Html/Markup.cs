using System.Runtime.CompilerServices;
using System.Text;

namespace Portcullis.Cli.Report.Html;

/// <summary>
/// A page that grows. What stands in the source between quotes is markup; what is put in by braces is text, and is always escaped,
/// so that no name that a process gives itself can become part of the page's structure.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with escaped texts in it.</summary>
#pragma warning disable CA1822 // The instance is what the handler is given to write to.
    internal void Add([InterpolatedStringHandlerArgument("")] ref MarkupHandler _)
    {
        // The handler has already added everything.
    }
#pragma warning restore CA1822

    /// <summary>Adds a literal.</summary>
    internal void Raw(string markup) => _text.Append(markup);

    /// <summary>Adds a text, escaped.</summary>
    internal void Text(string? text) => MarkupText.AppendTo(_text, text ?? "");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
