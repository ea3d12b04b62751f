namespace Portcullis.Core.Edges;

/// <summary>All that it takes to change this machine, and to take it back.</summary>
/// <param name="Journal">Where it is written down.</param>
/// <param name="Table">What is changed.</param>
/// <param name="Reverter">What takes it back in time.</param>
/// <param name="Boot">What makes it last.</param>
public sealed record ChangeTools(IJournal Journal, IOwnTable Table, IReverter Reverter, IBootRules Boot);
