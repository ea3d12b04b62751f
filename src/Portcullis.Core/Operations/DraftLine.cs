using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>A listener in a draft of a policy.</summary>
/// <param name="Listener">What was seen.</param>
/// <param name="Against">What speaks against allowing it, worst first.</param>
public sealed record DraftLine(Listener Listener, ImmutableArray<Finding> Against)
{
    /// <summary>Whether the kernel chose the port, so that it is another after the next start; no exception is needed, nor would one last.</summary>
    public bool IsOfTheMoment { get; init; }
}
