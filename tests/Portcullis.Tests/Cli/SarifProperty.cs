namespace Portcullis.Tests.Cli;

/// <summary>A property of an object of SARIF.</summary>
/// <param name="Kind">What its value must be.</param>
/// <param name="Clause">The clause that says so.</param>
internal sealed record SarifProperty(string Kind, string Clause);
