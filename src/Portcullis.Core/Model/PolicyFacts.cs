using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>By what policy a machine was judged.</summary>
/// <param name="Source">The file that it is from, or "--role".</param>
/// <param name="Roles">The roles of the machine, as they stand in it.</param>
public sealed record PolicyFacts(string Source, ImmutableArray<string> Roles);
