namespace Portcullis.Core.Text;

/// <summary>A line that could not be understood.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Why">What is wrong with it, in lower case.</param>
public sealed record LineError(int Line, string Why);
