using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Portcullis.Core.Knowledge;

/// <summary>
/// Which service a program, a unit or a package gives, whatever port it does so on; compiled in from data/services.tsv and
/// data/ports.tsv.
/// </summary>
public static class ProgramKnowledge
{
    internal const string Resource = "services.tsv";

    internal const int ProgramsColumn = 2;

    internal const int UnitsColumn = 3;

    internal const int AccountColumn = 4;

    /// <summary>The services that something is known to give.</summary>
    /// <param name="unit">The unit that holds a port, such as "postgresql@15-main.service"; null for none.</param>
    /// <param name="package">The package; null for none.</param>
    /// <param name="program">The file name of the executable, such as "redis-server"; null for none.</param>
    /// <returns>The facts of all its ports, those of the surest name; empty where nothing is known of any.</returns>
    public static ImmutableArray<PortFacts> ServicesOf(string? unit, string? package, string? program)
    {
        Index index = Loaded.Index;
        return index.Programs.TryGetValue(program ?? "", out ImmutableArray<PortFacts> found)
            || index.Units.TryGetValue(unit ?? "", out found) // one instance may be known by its name, such as tor@default.service
            || index.Units.TryGetValue(Template(unit ?? ""), out found)
            || index.Packages.TryGetValue(package ?? "", out found)
            ? found
            : [];
    }

    /// <summary>The names of all units that are known to listen, templates and socket units among them.</summary>
    public static IReadOnlyCollection<string> Units => Loaded.Index.Units.Keys;

    /// <summary>What sort of service this is.</summary>
    /// <param name="service">Its name in data/ports.tsv.</param>
    public static ServiceKind KindOf(string service) => Loaded.Index.Kinds.GetValueOrDefault(service);

    /// <summary>The account that a program's package runs it as.</summary>
    /// <param name="program">The file name of the executable.</param>
    /// <returns>The account; null where it is root or not known.</returns>
    public static string? AccountOf(string program) => Loaded.Index.Accounts.GetValueOrDefault(program);

    /// <summary>"postgresql@.service" for "postgresql@15-main.service" (systemd.unit(5), template units).</summary>
    private static string Template(string unit)
    {
        int at = unit.IndexOf('@', StringComparison.Ordinal);
        int dot = unit.LastIndexOf('.');
        return at < 0 || dot < at ? unit : unit[..(at + 1)] + unit[dot..];
    }

    private static class Loaded
    {
        internal static readonly Index Index = new();
    }

    private sealed class Index
    {
        internal Index()
        {
            ILookup<string, PortFacts> byName = PortKnowledge.All().ToLookup(facts => facts.Name, StringComparer.Ordinal);
            Table table = Table.OfResource(Resource);
            for (int row = 0; row < table.Count; row++)
            {
                string service = table.Text(row, 0) ?? "";
                Kinds[service] = Kind(table.Text(row, 1));
                foreach (string unit in (table.Text(row, UnitsColumn) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    Units[unit] = [.. Units.GetValueOrDefault(unit, []), .. byName[service]];
                }

                foreach (string program in (table.Text(row, ProgramsColumn) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    if (table.Text(row, AccountColumn) is string account)
                    {
                        Accounts[program] = account;
                    }

                    Programs[program] = [.. Programs.GetValueOrDefault(program, []), .. byName[service]];
                }
            }

            foreach (PortFacts facts in byName.SelectMany(same => same))
            {
                foreach (string package in facts.Packages)
                {
                    Packages[package] = [.. Packages.GetValueOrDefault(package, []), facts];
                }

                foreach (string unit in facts.Units)
                {
                    Units[unit] = [.. Units.GetValueOrDefault(unit, []), facts];
                }
            }
        }

        internal Dictionary<string, ImmutableArray<PortFacts>> Programs { get; } = new(StringComparer.Ordinal);

        internal Dictionary<string, ImmutableArray<PortFacts>> Packages { get; } = new(StringComparer.Ordinal);

        internal Dictionary<string, ImmutableArray<PortFacts>> Units { get; } = new(StringComparer.Ordinal);

        internal Dictionary<string, string> Accounts { get; } = new(StringComparer.Ordinal);

        internal Dictionary<string, ServiceKind> Kinds { get; } = new(StringComparer.Ordinal);

        private static ServiceKind Kind(string? word) => word switch
        {
            "datastore" => ServiceKind.DataStore,
            "management" => ServiceKind.Management,
            "login" => ServiceKind.Login,
            _ => ServiceKind.Other,
        };
    }
}
