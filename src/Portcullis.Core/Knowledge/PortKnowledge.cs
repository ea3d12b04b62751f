using System;
using System.Collections.Immutable;
using System.Text;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>What is known of the few hundred ports that matter on servers, compiled in from data/ports.tsv.</summary>
public static class PortKnowledge
{
    internal static PortTable Table => Loaded.Table;

    /// <summary>What is known of a port. A port of its own wins over a range around it.</summary>
    /// <param name="port">0 to 65535; for any other number the answer is null.</param>
    /// <param name="protocol">The protocol; raw and packet sockets have no ports, hence no facts.</param>
    /// <returns>The facts; null where there is nothing beyond the registry.</returns>
    public static PortFacts? Lookup(int port, Protocol protocol)
    {
        ReadOnlySpan<byte> name = ProtocolNames.InRegistry(protocol);
        int row = name.IsEmpty ? -1 : Table.Find(port, name);
        return row < 0 ? null : Read(row, protocol);
    }

    /// <summary>The ports that a service, a usual program or a Debian package is known by.</summary>
    /// <param name="name">Its name in any case, such as "rdp", "Grafana" or "openssh-server".</param>
    /// <returns>Facts sorted by port; empty where nothing here bears the name (<see cref="Registry.FindByName(string)"/> may know it).</returns>
    public static ImmutableArray<PortFacts> FindByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        PortTable table = Table;
        var found = ImmutableArray.CreateBuilder<PortFacts>();
        for (int row = 0; row < table.Count && wanted.Length > 0; row++)
        {
            if (table.IsNamed(row, wanted) && Read(row, null) is { } facts)
                found.Add(facts);
        }

        return found.ToImmutable();
    }

    /// <summary>Everything that is known, sorted by port; for listings and tests, since it reads every row.</summary>
    public static ImmutableArray<PortFacts> All()
    {
        PortTable table = Table;
        var all = ImmutableArray.CreateBuilder<PortFacts>(table.Count);
        for (int row = 0; row < table.Count; row++)
        {
            if (Read(row, null) is { } facts)
                all.Add(facts);
        }

        return all.ToImmutable();
    }

    /// <summary>Reads a row once: a machine's thousand listeners ask for the same few dozen.</summary>
    private static PortFacts? Read(int row, Protocol? protocol)
    {
        PortFacts? facts = Loaded.Rows[row] ??= Table.Read(row, null, null) is { } read ? read with { Registered = Registry.Lookup(read.Ports.First, read.Protocol) } : null;
        return facts is null || protocol is not { } asked || asked == facts.Protocol
            ? facts
            : facts with { Protocol = asked, Registered = Registry.Lookup(facts.Ports.First, asked) };
    }

    /// <summary>Read when it is first asked for, and only then.</summary>
    private static class Loaded
    {
        internal static readonly PortTable Table = new(Knowledge.Table.OfResource(PortTable.Resource));

        internal static readonly PortFacts?[] Rows = new PortFacts?[Table.Count];
    }
}
