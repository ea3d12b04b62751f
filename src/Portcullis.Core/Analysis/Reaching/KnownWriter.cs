using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>A program by what its rules are recognised.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its rules are for.</param>
/// <param name="Chains">What the names of its chains begin with.</param>
/// <param name="Tables">The names of the tables that are wholly its own; one that ends in "*" stands for all that begin so.</param>
internal sealed record KnownWriter(string Name, RuleWriterKind Kind, ImmutableArray<string> Chains, ImmutableArray<string> Tables);
