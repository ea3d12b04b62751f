using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>What is known of running processes.</summary>
public interface IProcesses
{
    /// <summary>Describes the processes and all their ancestors; those that have ended meanwhile are left out.</summary>
    /// <param name="pids">Process ids.</param>
    /// <param name="hash">Whether the executables of <paramref name="pids"/> are to be hashed.</param>
    ProcessInventory Describe(IReadOnlyCollection<int> pids, bool hash);
}

/// <summary>Processes, and what could not be seen of them.</summary>
public sealed record ProcessInventory(ImmutableArray<ProcessFacts> Processes, ImmutableArray<Gap> Gaps);
