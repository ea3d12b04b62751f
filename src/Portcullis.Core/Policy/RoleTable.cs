using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Knowledge;

namespace Portcullis.Core.Policy;

/// <summary>
/// The role catalogue as a table of tab-separated text, compiled in from data/roles.tsv: what data/roles says for people, in a form
/// that costs a start nothing to read. A test holds the two together.
/// </summary>
public static class RoleTable
{
    private const string Resource = "roles.tsv";
    private const char Separator = '|';

    private const string Head =
        """
        # The roles of data/roles, one row for each service, as the program reads them. Made by ./test --accept RoleTable: edit the files there.
        # role	summary	includes	forwards	sources	service	ports	from	else	optional	by	why

        """;

    /// <summary>The catalogue that Portcullis brings with it.</summary>
    public static RoleCatalogue Catalogue => Loaded.Catalogue;

    /// <summary>The table of some roles.</summary>
    public static string Write(IEnumerable<Role> roles)
    {
        StringBuilder text = new(Head.ReplaceLineEndings("\n"));
        foreach (Role role in roles.OrderBy(role => role.Name, StringComparer.Ordinal))
        {
            foreach (RoleService? service in role.Services.Cast<RoleService?>().DefaultIfEmpty())
            {
                string[] fields =
                [
                    role.Name, role.Summary ?? "", List(role.Includes), role.Forwards ? "yes" : "", List(role.Sources),
                    service?.Name ?? "", List(service?.Ports.Select(port => port.ToString())), List(service?.From), service?.Else ?? "",
                    service?.Optional == true ? "yes" : "", List(service?.By), service?.Why ?? "",
                ];
                text.AppendJoin('\t', fields).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The roles of a table; rows that are malformed, which the tests rule out for the one compiled in, are left out.</summary>
    internal static List<Role> Read(Table table)
    {
        List<Role> roles = [];
        for (int row = 0; row < table.Count; row++)
        {
            string name = table.Text(row, 0) ?? "";
            RoleService? service = Service(table, row);
            if (roles.Count > 0 && roles[^1].Name == name)
            {
                roles[^1] = service is null ? roles[^1] : roles[^1] with { Services = roles[^1].Services.Add(service) };
                continue;
            }

            roles.Add(new Role
            {
                Name = name,
                Summary = table.Text(row, 1),
                Includes = Items(table, row, 2),
                Forwards = table.Text(row, 3) is not null,
                Sources = Items(table, row, 4),
                Services = service is null ? [] : [service],
            });
        }

        return roles;
    }

    private static RoleService? Service(Table table, int row)
    {
        ImmutableArray<ServicePort>.Builder ports = ImmutableArray.CreateBuilder<ServicePort>();
        foreach (string text in Items(table, row, 6))
        {
            if (ServicePort.Parse(text) is ServicePort port)
            {
                ports.Add(port);
            }
        }

        return table.Text(row, 5) is not string name || ports.Count == 0 ? null : new RoleService
        {
            Name = name,
            Ports = ports.ToImmutable(),
            From = Items(table, row, 7),
            Else = table.Text(row, 8),
            Optional = table.Text(row, 9) is not null,
            By = Items(table, row, 10),
            Why = table.Text(row, 11),
        };
    }

    private static string List(IEnumerable<string>? items) => items is null ? "" : string.Join(Separator, items);

    private static ImmutableArray<string> Items(Table table, int row, int column) => table.Text(row, column) is string text ? [.. text.Split(Separator)] : [];

    /// <summary>Read when it is first asked for, and only then.</summary>
    private static class Loaded
    {
        internal static readonly RoleCatalogue Catalogue = new(Read(Table.OfResource(Resource)));
    }
}
