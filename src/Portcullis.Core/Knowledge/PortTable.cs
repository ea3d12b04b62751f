using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;

using Portcullis.Core.Model;

namespace Portcullis.Core.Knowledge;

/// <summary>Rows of ports.tsv: finding them, reading one, and checking them all.</summary>
/// <param name="table">The table they stand in.</param>
internal sealed class PortTable(Table table)
{
    public const string Resource = "ports.tsv";
    public const int Columns = (int)PortColumn.Sources + 1;

    // Parsed once, since a machine's thousand listeners ask for a thousand ports.
    private readonly int[] _first = Ends(table, last: false);
    private readonly int[] _last = Ends(table, last: true);
    private readonly int[] _reach = Reach(Ends(table, last: true));

    /// <summary>How many rows there are.</summary>
    public int Count => table.Count;

    /// <summary>The row with the narrowest range that holds a port, so that a port of its own wins over a range around it; -1 for none.</summary>
    /// <param name="port">Any number.</param>
    /// <param name="protocol">Its name in the table.</param>
    public int Find(int port, ReadOnlySpan<byte> protocol)
    {
        int best = -1;
        int bestCount = int.MaxValue;
        // Sorted by first port: what begins later cannot hold this one, and below some row all have ended. A malformed range holds none.
        for (int row = Begun(port) - 1; row >= 0 && _reach[row] >= port; row--)
        {
            int count = _last[row] - _first[row] + 1;
            if (port <= _last[row] && count <= bestCount && Field(row, PortColumn.Protocol).SequenceEqual(protocol))
            {
                best = row;
                bestCount = count;
            }
        }

        return best;
    }

    /// <summary>How many rows begin at a port or below it.</summary>
    private int Begun(int port)
    {
        int low = 0;
        int high = _first.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_first[middle] <= port)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The highest port that a row or one before it holds.</summary>
    private static int[] Reach(int[] last)
    {
        for (int row = 1; row < last.Length; row++)
            last[row] = Math.Max(last[row], last[row - 1]);
        return last;
    }

    private static int[] Ends(Table table, bool last)
    {
        int[] ends = new int[table.Count];
        for (int row = 0; row < ends.Length; row++)
        {
            PortRange ports = table.Ports(row) ?? new PortRange(int.MaxValue, -1);
            ends[row] = last ? ports.Last : ports.First;
        }

        return ends;
    }

    /// <summary>Whether a row bears a name: its own, that of a usual user, or that of a package.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="name">In any case.</param>
    public bool IsNamed(int row, ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(Field(row, PortColumn.Name), name)
        || ListReader.Contains(Field(row, PortColumn.Packages), ","u8, name)
        || ListReader.Contains(Field(row, PortColumn.UsedBy), ", "u8, name);

    /// <summary>One field of a row.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="column">Which one.</param>
    public ReadOnlySpan<byte> Field(int row, PortColumn column) => table.Field(row, (int)column);

    /// <summary>The ports of a row; null where the field is no range.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public PortRange? Ports(int row) => table.Ports(row);

    /// <summary>The usual name of a row's service.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    public string? Name(int row) => Text(row, PortColumn.Name);

    /// <summary>Reads a row.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="protocol">The protocol that was asked for; null for the row's own.</param>
    /// <param name="registered">What is registered for the first port.</param>
    /// <returns>The facts; null where the row is malformed, which the tests rule out for the table that is compiled in.</returns>
    public PortFacts? Read(int row, Protocol? protocol, RegistryEntry? registered)
    {
        if (Ports(row) is not { } ports
            || !ProtocolNames.TryParse(Field(row, PortColumn.Protocol), out Protocol own)
            || Risk(Field(row, PortColumn.Risk)) is not { } risk
            || Text(row, PortColumn.Name) is not { } name
            || Text(row, PortColumn.What) is not { } what)
        {
            return null;
        }

        return new PortFacts
        {
            Ports = ports,
            Protocol = protocol ?? own,
            Name = name,
            Registered = registered,
            UsedBy = List(row, PortColumn.UsedBy, ", "),
            What = what,
            ClearText = ClearTextOf(Field(row, PortColumn.ClearText)),
            Encrypted = Text(row, PortColumn.Encrypted),
            Exposure = Exposure(Field(row, PortColumn.Exposure)),
            Amplification = Text(row, PortColumn.Amplification),
            Risk = risk,
            Abuse = Text(row, PortColumn.Abuse),
            Instead = Text(row, PortColumn.Instead),
            Packages = List(row, PortColumn.Packages, ","),
            Units = List(row, PortColumn.Units, ","),
            DefaultBind = Text(row, PortColumn.Bind),
            WindowsService = Text(row, PortColumn.Windows),
            Exploited = List(row, PortColumn.Exploited, ","),
            Sources = List(row, PortColumn.Sources, " "),
        };
    }

    /// <summary>Says what is wrong with a text as a table of ports, if anything.</summary>
    /// <param name="text">The whole file.</param>
    /// <returns>The first error; null for a sound table.</returns>
    public static TableError? Check(byte[] text)
    {
        if (TableCheck.Run(text, Columns) is { } error)
            return error;

        Table table = Table.OfText(text);
        var rows = new PortTable(table);
        var seen = new HashSet<(PortRange Ports, Protocol Protocol)>();
        for (int row = 0; row < table.Count; row++)
        {
            if (rows.WrongField(row) is { } wrong)
                return table.ErrorAt(row, (int)wrong.Column, wrong.Reason);
            PortFacts facts = rows.Read(row, null, null)!;
            if (!seen.Add((facts.Ports, facts.Protocol)))
                return table.ErrorAt(row, (int)PortColumn.Ports, "there is a row for this already");
        }

        return null;
    }

    private (PortColumn Column, string Reason)? WrongField(int row)
    {
        if (!ProtocolNames.TryParse(Field(row, PortColumn.Protocol), out _))
            return (PortColumn.Protocol, "this is not tcp, udp, sctp or dccp");
        if (!Field(row, PortColumn.ClearText).IsEmpty && ClearTextOf(Field(row, PortColumn.ClearText)) is null)
            return (PortColumn.ClearText, "this is not no, optional, weak or yes");
        if (!Field(row, PortColumn.Exposure).IsEmpty && Exposure(Field(row, PortColumn.Exposure)) is null)
            return (PortColumn.Exposure, "this is not none, loopback, management, private or internet");
        if (Risk(Field(row, PortColumn.Risk)) is null)
            return (PortColumn.Risk, "this is not info, low, medium, high or critical");

        foreach (PortColumn column in (ReadOnlySpan<PortColumn>)[PortColumn.Name, PortColumn.What, PortColumn.Sources])
        {
            if (Field(row, column).IsEmpty)
                return (column, "this must not be empty");
        }

        return null;
    }

    private string? Text(int row, PortColumn column) => table.Text(row, (int)column);

    private ImmutableArray<string> List(int row, PortColumn column, string separator) =>
        Text(row, column) is { } text ? [.. text.Split(separator)] : [];

    private static ClearText? ClearTextOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("no"u8) ? ClearText.No
        : text.SequenceEqual("optional"u8) ? ClearText.Optional
        : text.SequenceEqual("weak"u8) ? ClearText.Weak
        : text.SequenceEqual("yes"u8) ? ClearText.Yes
        : null;

    private static AdvisedExposure? Exposure(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("none"u8) ? AdvisedExposure.None
        : text.SequenceEqual("loopback"u8) ? AdvisedExposure.Loopback
        : text.SequenceEqual("management"u8) ? AdvisedExposure.Management
        : text.SequenceEqual("private"u8) ? AdvisedExposure.Private
        : text.SequenceEqual("internet"u8) ? AdvisedExposure.Internet
        : null;

    private static RiskLevel? Risk(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("info"u8) ? RiskLevel.Info
        : text.SequenceEqual("low"u8) ? RiskLevel.Low
        : text.SequenceEqual("medium"u8) ? RiskLevel.Medium
        : text.SequenceEqual("high"u8) ? RiskLevel.High
        : text.SequenceEqual("critical"u8) ? RiskLevel.Critical
        : null;
}
