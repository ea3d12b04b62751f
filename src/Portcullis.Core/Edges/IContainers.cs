using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>What the container engines' files tell.</summary>
public interface IContainers
{
    /// <summary>Describes the containers that the processes are in, and every running one that publishes a port.</summary>
    ContainerInventory Describe(IReadOnlyCollection<ProcessFacts> processes);
}

/// <summary>Containers, who is in which, and what could not be found out.</summary>
/// <param name="Containers">The containers.</param>
/// <param name="Gaps">What could not be found out.</param>
public sealed record ContainerInventory(ImmutableArray<ContainerFacts> Containers, ImmutableArray<Gap> Gaps);
