using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>
/// The IANA Service Name and Transport Protocol Port Number Registry (RFC 6335), compiled in; data/SOURCES.md says which edition.
/// </summary>
public static class Registry
{
    /// <summary>What to say of a port that the registry has no name for.</summary>
    public const string Unassigned = "unassigned";

    internal const string Resource = "registry.tsv";
    internal const int Columns = 4;
    private const int ProtocolsColumn = 1;
    private const int NamesColumn = 2;
    private const int DescriptionColumn = 3;

    internal static Table Table => Loaded.Table;

    /// <summary>What is registered for a port.</summary>
    /// <param name="port">0 to 65535; for any other number the answer is null.</param>
    /// <param name="protocol">The protocol; raw and packet sockets have no ports, hence no entries.</param>
    /// <returns>The entry; null where the port is unassigned or reserved.</returns>
    public static RegistryEntry? Lookup(int port, Protocol protocol) => Lookup(Table, port, protocol);

    internal static RegistryEntry? Lookup(Table table, int port, Protocol protocol)
    {
        ReadOnlySpan<byte> wanted = ProtocolNames.InRegistry(protocol);
        // Two ranges of this table are equal or disjoint, so all rows of a port stand together.
        for (int row = table.LastAtOrBelow(port); row >= 0 && row < table.Count; row++)
        {
            if (table.Ports(row) is not { } ports || !ports.Contains(port))
                return null;
            if (!wanted.IsEmpty && ListReader.Contains(table.Field(row, ProtocolsColumn), ","u8, wanted))
                return Entry(table, row, ports, protocol);
        }

        return null;
    }

    /// <summary>The registered name of a port, or <see cref="Unassigned"/>.</summary>
    /// <param name="port">0 to 65535.</param>
    /// <param name="protocol">The protocol.</param>
    public static string NameOf(int port, Protocol protocol) => Lookup(port, protocol)?.Name ?? Unassigned;

    /// <summary>The entries that bear a service name, official or alias.</summary>
    /// <param name="name">The name in any case, such as "https".</param>
    /// <returns>One entry for each range and protocol, sorted by port; empty where nobody registered the name.</returns>
    public static ImmutableArray<RegistryEntry> FindByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FindByName(Table, Encoding.UTF8.GetBytes(name));
    }

    internal static ImmutableArray<RegistryEntry> FindByName(Table table, ReadOnlySpan<byte> wanted)
    {
        var found = ImmutableArray.CreateBuilder<RegistryEntry>();
        for (int row = 0; row < table.Count && wanted.Length > 0; row++)
        {
            if (ListReader.Contains(table.Field(row, NamesColumn), ","u8, wanted) && table.Ports(row) is { } ports)
            {
                foreach (Protocol protocol in Protocols(table.Field(row, ProtocolsColumn)))
                    found.Add(Entry(table, row, ports, protocol));
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Says what is wrong with a text as a registry table, if anything.</summary>
    /// <param name="text">The whole file.</param>
    /// <returns>The first error; null for a sound table.</returns>
    internal static TableError? Check(byte[] text)
    {
        if (TableCheck.Run(text, Columns) is { } error)
            return error;

        Table table = Table.OfText(text);
        var before = new PortRange(-1, -1);
        var taken = new List<Protocol>();
        for (int row = 0; row < table.Count; row++)
        {
            PortRange ports = table.Ports(row)!.Value;
            if (ports != before && ports.First <= before.Last)
                return table.ErrorAt(row, 0, "the range overlaps the one before");
            if (ports != before)
                taken.Clear();
            before = ports;

            ReadOnlySpan<byte> list = table.Field(row, ProtocolsColumn);
            List<Protocol> protocols = Protocols(list);
            if (protocols.Count != list.Count((byte)',') + 1)
                return table.ErrorAt(row, ProtocolsColumn, "this is no list of tcp, udp, sctp, dccp");
            if (protocols.Exists(taken.Contains))
                return table.ErrorAt(row, ProtocolsColumn, "there is a row for this already");
            taken.AddRange(protocols);
            if (HasEmptyItem(table.Field(row, NamesColumn)))
                return table.ErrorAt(row, NamesColumn, "a name is missing");
        }

        return null;
    }

    private static bool HasEmptyItem(ReadOnlySpan<byte> list)
    {
        var items = new ListReader(list, ","u8);
        while (items.Next(out ReadOnlySpan<byte> item))
        {
            if (item.IsEmpty)
                return true;
        }

        return false;
    }

    private static List<Protocol> Protocols(ReadOnlySpan<byte> list)
    {
        var protocols = new List<Protocol>(2);
        var items = new ListReader(list, ","u8);
        while (items.Next(out ReadOnlySpan<byte> item))
        {
            if (ProtocolNames.TryParse(item, out Protocol protocol) && !protocols.Contains(protocol))
                protocols.Add(protocol);
        }

        return protocols;
    }

    private static RegistryEntry Entry(Table table, int row, PortRange ports, Protocol protocol) => new(
        ports,
        protocol,
        [.. Encoding.UTF8.GetString(table.Field(row, NamesColumn)).Split(',')],
        table.Text(row, DescriptionColumn));

    /// <summary>Read when it is first asked for, and only then.</summary>
    private static class Loaded
    {
        internal static readonly Table Table = Knowledge.Table.OfResource(Resource);
    }
}
