using System.Globalization;
using System.Runtime.CompilerServices;

namespace Portcullis.Cli.Report.Html;

/// <summary>What the compiler calls for <c>markup.Add($"…")</c>: literals go in as they are, everything else as escaped text.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler
{
    private readonly Markup _markup;

    // The compiler gives the lengths; the builder grows as it must.
    public MarkupHandler(int literalLength, int formattedCount, Markup markup)
    {
        _ = literalLength + formattedCount;
        _markup = markup;
    }

    public void AppendLiteral(string value) => _markup.Raw(value);

    public void AppendFormatted(string? value) => _markup.Text(value);

    public void AppendFormatted(int value) => _markup.Text(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(double value) => _markup.Text(value.ToString("0.##", CultureInfo.InvariantCulture));
}
