using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>Makes of the facts of a machine what a person wants to know of it.</summary>
public static class Audit
{
    /// <summary>The listeners of a snapshot with their owners. Nothing is judged yet: findings need roles.</summary>
    public static Assessment Of(Snapshot snapshot) => new()
    {
        TakenAt = snapshot.TakenAt,
        Host = snapshot.Host,
        Listeners = ListenerTable.From(snapshot),
        Findings = [],
        Gaps = snapshot.Gaps,
    };
}
