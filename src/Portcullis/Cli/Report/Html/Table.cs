namespace Portcullis.Cli.Report.Html;

/// <summary>
/// A table that becomes a list of cards on a narrow screen. Roles are said, since some browsers drop a table's meaning when a style
/// sheet changes its display.
/// </summary>
internal static class Table
{
    internal static void Begin(Markup page, string caption, string[] columns)
    {
        page.Add($"<table role=\"table\"><caption>{caption}</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (string column in columns)
        {
            page.Add($"<th role=\"columnheader\" scope=\"col\">{column}</th>");
        }

        page.Raw("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    }

    internal static void BeginCell(Markup page, string column) => page.Add($"<td role=\"cell\" data-label=\"{column}\">");

    internal static void Cell(Markup page, string column, string text)
    {
        page.Add($"<td role=\"cell\" data-label=\"{column}\" class=\"{(text.Length == 0 ? "empty" : "full")}\">{text}</td>");
    }

    internal static void End(Markup page) => page.Raw("</tbody></table>\n");
}
