using Portcullis.Cli.Table;

namespace Portcullis.Cli.Report;

/// <summary>Something about a listener that a reader should not overlook.</summary>
/// <param name="Text">A few words.</param>
/// <param name="Style">How loud they are.</param>
internal sealed record Remark(string Text, Style Style);
