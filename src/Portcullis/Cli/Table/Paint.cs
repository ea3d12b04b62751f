namespace Portcullis.Cli.Table;

/// <summary>Colours text by its meaning, with the sixteen colours that every terminal lets its user choose (ECMA-48 SGR).</summary>
internal static class Paint
{
    /// <summary>The text in its colour; unchanged where there is no colour.</summary>
    internal static string With(string text, Style style, Terminal terminal) => !terminal.Color || text.Length == 0 ? text : style switch
    {
        Style.Plain => text,
        Style.Strong => $"\e[1m{text}\e[0m",
        Style.Faint => $"\e[2m{text}\e[0m",
        Style.Notable => $"\e[33m{text}\e[0m",
        Style.Alarming => $"\e[1;31m{text}\e[0m",
    };
}
