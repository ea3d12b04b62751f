using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Operations;

/// <summary>Makes of the facts of a machine what a person wants to know of it.</summary>
public static class Audit
{
    /// <summary>The listeners of a snapshot with their owners, and what is amiss with them.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="policy">What the machine is for; null where nobody said.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    public static Assessment Of(Snapshot snapshot, HostPolicy? policy, RoleCatalogue catalogue) => Judge.Of(snapshot, policy, catalogue);
}
