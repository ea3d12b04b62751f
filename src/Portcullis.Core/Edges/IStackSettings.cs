using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>How the TCP/IP stack of the host's network namespace is set.</summary>
public interface IStackSettings
{
    /// <summary>Reads its switches.</summary>
    StackInventory Read();
}

/// <summary>Switches, and what could not be read.</summary>
/// <param name="Settings">The switches, by name; null where none could be read.</param>
/// <param name="Gaps">What could not be read.</param>
public sealed record StackInventory(ImmutableArray<StackSetting>? Settings, ImmutableArray<Gap> Gaps);
