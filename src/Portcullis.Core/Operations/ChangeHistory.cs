using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;

namespace Portcullis.Core.Operations;

/// <summary>The changes of this network namespace, and how they stand. Each question reads the journal anew: others write in it, too.</summary>
/// <param name="journal">The journal.</param>
public sealed class ChangeHistory(IJournal journal)
{
    /// <summary>All of them, the oldest first.</summary>
    /// <exception cref="ChangeException">The journal cannot be read.</exception>
    public ImmutableArray<ChangeRecord> All => [.. journal.Read(out _).Where(one => one.Network == journal.Network || one.Boot != journal.Boot)];

    /// <summary>The last one in one of some states; null for none.</summary>
    public ChangeRecord? Last(params ChangeState[] states) => All.LastOrDefault(one => states.Contains(StateOf(one)));

    /// <summary>The one of a name; null for none.</summary>
    public ChangeRecord? Of(string id) => All.FirstOrDefault(one => one.Id == id);

    /// <summary>How one stands.</summary>
    public ChangeState StateOf(ChangeRecord change) => ChangeStates.Of(change, journal.Boot);

    /// <summary>The same in words.</summary>
    public string Word(ChangeRecord change) => ChangeStates.Word(StateOf(change));

    /// <summary>What became of the last change, for who looks for one in vain; empty where there is none.</summary>
    internal string Fate => All.LastOrDefault() is ChangeRecord last ? $" (the last one, {last.Id}: {Word(last)})" : "";
}
