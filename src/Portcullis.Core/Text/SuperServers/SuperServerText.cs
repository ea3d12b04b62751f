using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.SuperServers;

/// <summary>What one configuration file of a super-server says.</summary>
/// <param name="Entries">What it is told to listen for, in order.</param>
/// <param name="Errors">The lines that could not be understood, or whose port or address is not known.</param>
public sealed record SuperServerText(ImmutableArray<SuperServerEntry> Entries, ImmutableArray<LineError> Errors);
