namespace Portcullis.Cli.Table;

/// <summary>One column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Priority">0 for a column that always stays; of the others the highest number goes first where room is short.</param>
/// <param name="Least">The width below which it is dropped rather than cut further.</param>
internal sealed record Column(string Title, int Priority, int Least);
