using System;
using System.Collections.Immutable;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Changes;

namespace Portcullis.KernelTests.Changing;

/// <summary>The real tools, of which the program is killed before or after the call of a number.</summary>
/// <param name="state">The folder of the journal.</param>
/// <param name="last">How many calls that change something are made before it is killed.</param>
internal sealed class MortalTools(string state, int last) : IJournal, IOwnTable, IReverter, IBootRules
{
    private readonly FileJournal _journal = new(new StateFolder(state));
    private readonly NftTable _table = new();
    private int _calls;

    /// <summary>How many calls that change something were made.</summary>
    internal int Calls => _calls;

    internal ChangeTools Tools => new(this, this, this, this);

    public string Boot => _journal.Boot;

    public string Network => _journal.Network;

    public TimeSpan Uptime => _journal.Uptime;

    public void Check(string script) => _table.Check(script);

    public IDisposable Lock() => _journal.Lock();

    public ImmutableArray<ChangeRecord> Read(out ImmutableArray<Gap> gaps) => _journal.Read(out gaps);

    public void Begin(ChangeRecord change, string making, string before) => Mortal(() => _journal.Begin(change, making, before));

    public void Add(string change, ChangeEvent what) => Mortal(() => _journal.Add(change, what));

    public bool TryDecide(string change, ChangeOutcome outcome)
    {
        bool isFirst = false;
        Mortal(() => isFirst = _journal.TryDecide(change, outcome));
        return isFirst;
    }

    public string Making(string change) => _journal.Making(change);

    public string Before(string change) => _journal.Before(change);

    public void KeepMade(string change, string listing) => Mortal(() => _journal.KeepMade(change, listing));

    public string? Made(string change) => _journal.Made(change);

    public string? Listing(bool withCounts) => _table.Listing(withCounts);

    public void Load(string script) => Mortal(() => _table.Load(script));

    public string Arm(string change, TimeSpan after)
    {
        string by = "";
        Mortal(() => by = new Reverter(_journal, new StateFolder(state)).Arm(change, after));
        return by;
    }

    public void Disarm(string change) => Mortal(() => new Reverter(_journal, new StateFolder(state)).Disarm(change));

    public string? Keep(string? script)
    {
        Mortal(static () => { });
        return null;
    }

    public string? Kept() => null;

    private void Mortal(Action call)
    {
        if (_calls == last)
        {
            throw new KilledException();
        }

        call();
        _calls++;
    }
}
