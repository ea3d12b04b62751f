using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>What the package managers know of installed files.</summary>
public interface IPackages
{
    /// <summary>Finds the package that owns each file.</summary>
    /// <param name="paths">Absolute paths with all links resolved, as the kernel names executables.</param>
    /// <param name="insideRootOf">The process in whose root directory the paths lie and whose databases are asked; null for Portcullis's own.</param>
    PackageInventory OwnersOf(IReadOnlyCollection<string> paths, int? insideRootOf);
}

/// <summary>Which package owns which file.</summary>
/// <param name="Owners">For each path its package; null where no package owns it; a path is absent where that could not be found out.</param>
/// <param name="Gaps">What could not be found out, and why.</param>
public sealed record PackageInventory(ImmutableDictionary<string, PackageFacts?> Owners, ImmutableArray<Gap> Gaps);
