namespace Portcullis.Core.Knowledge;

/// <summary>Why a table of knowledge was refused, and where.</summary>
/// <param name="Line">The line, counted from 1; comment lines count too.</param>
/// <param name="Column">The byte within the line, counted from 1.</param>
/// <param name="Reason">What is wrong there, as the end of a sentence.</param>
internal sealed record TableError(int Line, int Column, string Reason);
