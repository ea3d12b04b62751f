namespace Portcullis.Os.Linux.Rules.Given;

/// <summary>How a tool that loads rules ended.</summary>
/// <param name="Failure">Why it never loaded anything or was ended by us, in words; null where it ended by itself.</param>
/// <param name="Status">Its exit status.</param>
/// <param name="Said">The beginning of what it said on standard error.</param>
internal sealed record ToolRun(string? Failure, int Status, string Said)
{
    /// <summary>The beginning of what it printed on standard output.</summary>
    internal string Output { get; init; } = "";
}
