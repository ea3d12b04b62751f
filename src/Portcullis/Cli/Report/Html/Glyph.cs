namespace Portcullis.Cli.Report.Html;

/// <summary>The little picture of a verdict beside its word.</summary>
internal static class Glyph
{
    /// <summary>Adds it; it says nothing to those who hear the page, since the word does.</summary>
    internal static void AddTo(Markup page, PortVerdict verdict, bool hollow = false) => page.Add(
        $"""<svg class="glyph {PortVerdicts.Class(verdict)}{(hollow ? " hollow" : "")}" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true" focusable="false"><path d="{PortVerdicts.Shape(verdict)}"/></svg>""");
}
