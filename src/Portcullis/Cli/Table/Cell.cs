namespace Portcullis.Cli.Table;

/// <summary>One cell of a table.</summary>
/// <param name="Text">Its text, which may come from anywhere: it is made safe where it is laid out.</param>
/// <param name="Style">How it is meant.</param>
internal sealed record Cell(string Text, Style Style = Style.Plain);
