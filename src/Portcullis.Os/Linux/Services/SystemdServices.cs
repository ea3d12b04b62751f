using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>systemd's units as its files describe them. Neither systemd nor any tool of its is asked.</summary>
internal sealed class SystemdServices : IServices
{
    private readonly ISource _source;

    internal SystemdServices(ISource source) => _source = source;

    /// <inheritdoc/>
    public ServiceInventory Describe(IReadOnlyCollection<UnitReference> units, IReadOnlyCollection<string> listening)
    {
        GapList gaps = new();

        // sd_booted(3): systemd runs where this directory is.
        if (!gaps.Check(_source.Status("/run/systemd/system"), "systemd's units"))
        {
            return new ServiceInventory([], gaps.ToImmutable());
        }

        PathResolver links = new(_source);
        Dictionary<string, UnitFacts> found = new(StringComparer.Ordinal);
        void Add(ManagedUnits manager, IEnumerable<string> names)
        {
            foreach (UnitFacts facts in names.Where(UnitName.IsValid).Select(manager.Describe).OfType<UnitFacts>())
            {
                found[string.Create(CultureInfo.InvariantCulture, $"{facts.Name}/{facts.User}")] = facts;
            }
        }

        string[] ofSystem = [.. units.Where(static unit => unit.User is null).Select(static unit => unit.Name)];
        ManagedUnits system = new(_source, links, UnitScope.System(splitUsr: links.TargetOf("/lib") is null), ofSystem, gaps);
        Add(system, system.Sockets.Select(static socket => socket.Name).Union(ofSystem));

        Passwd? accounts = null;
        foreach (IGrouping<uint, UnitReference> user in units.Where(static unit => unit.User is not null).GroupBy(static unit => unit.User!.Value))
        {
            accounts ??= Accounts(gaps);
            Account? account = accounts.Of(user.Key);
            if (account is null)
            {
                gaps.Add($"units in the home directory of user {user.Key}", "the user is not in /etc/passwd");
            }

            string? home = account?.Home is { Length: > 0 } path ? path.TrimEnd('/') : null;
            string[] names = [.. user.Select(static unit => unit.Name)];
            Add(new ManagedUnits(_source, links, UnitScope.OfUser(user.Key, account?.Name, home), names, gaps), names);
        }

        ImmutableArray<UnitFacts>? stopped = system.Stopped(listening, ofSystem, gaps);
        ImmutableArray<RuleLoader> loaders = RuleLoaders.Read(_source, system, gaps);
        return new ServiceInventory([.. found.Values.Order(ByName)], gaps.ToImmutable()) { Stopped = stopped, RuleLoaders = loaders };
    }

    private static Comparer<UnitFacts> ByName { get; } = Comparer<UnitFacts>.Create(static (left, right) =>
        string.CompareOrdinal(left.Name, right.Name) is int byName and not 0 ? byName : (left.User ?? -1L).CompareTo(right.User ?? -1L));

    private Passwd Accounts(GapList gaps)
    {
        Answer answer = _source.File("/etc/passwd", 16 << 20);
        return gaps.Check(answer, "users in /etc/passwd") ? Passwd.Parse(answer.Text!) : Passwd.Parse(string.Empty);
    }
}
