using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>
/// What a ruleset does with every first packet of one arrival: exactly, for all sources, destinations and ports at once.
/// </summary>
public sealed class Reach
{
    private const int MostIntervals = 20_000_000; // about 300 MB; the kernel's own set of a million elements needs 2,000,000

    private const int MostPorts = 100; // of a small ruleset any order will do

    private readonly DiagramStore _store;
    private readonly Layout _layout;
    private readonly MatchCompiler _matches;
    private readonly Ledger _ledger;
    private readonly Arrival _arrival;
    private readonly int _function;
    private readonly int _excluded;
    private readonly ImmutableArray<string> _blindSpots;
    private RegionWalk? _at;

    private Reach(Ruleset ruleset, Arrival arrival, bool sourceFirst, int most)
    {
        _arrival = arrival;
        _blindSpots = BlindSpots.Of(ruleset, arrival);
        _store = new DiagramStore(most);
        _layout = new Layout(sourceFirst);
        PathCompiler path = new(ruleset, arrival, _store, _layout);
        _function = path.Function();
        _ledger = path.Ledger;
        _matches = new MatchCompiler(_store, _layout, new FieldReader(arrival, _layout), arrival with { Ports = null }, "");
        _excluded = _ledger.End(OutcomeKind.NoMatch, 0, 0);
    }

    /// <summary>Works it out.</summary>
    /// <param name="ruleset">The rules.</param>
    /// <param name="arrival">How the packets come.</param>
    /// <exception cref="TooComplexException">It would take more memory than is allowed, in each order of the dimensions that was tried.</exception>
    public static Reach Of(Ruleset ruleset, Arrival arrival)
    {
        bool sourceFirst = arrival.Ports is null && AsksMoreForSources(ruleset); // of few ports any order will do
        try
        {
            return new Reach(ruleset, arrival, sourceFirst, MostIntervals);
        }
        catch (TooComplexException)
        {
            return new Reach(ruleset, arrival, !sourceFirst, MostIntervals);
        }
    }

    /// <summary>Whether more sources are asked for without a port (blocklists) than with one: then diagrams are smaller with sources above ports.</summary>
    private static bool AsksMoreForSources(Ruleset ruleset)
    {
        long alone = 0;
        long withPort = 0;
        foreach (FirewallTable table in ruleset.Tables)
        {
            foreach ((FirewallChain chain, FirewallRule rule) in table.Chains.SelectMany(chain => chain.Rules.Select(rule => (chain, rule))))
            {
                // Other chains are mostly those of one port, to which a rule or a map has jumped.
                long sources = rule.Steps.Sum(step => Sources(step, table));
                bool hasPort = chain.Hook is null || rule.Steps.Any(step => step is MatchStep { Operand.Field.Source: FieldSource.TransportHeader } or LookupStep { Key.Length: > 1 });
                alone += hasPort ? 0 : sources;
                withPort += hasPort ? sources : 0;
            }
        }

        return alone > withPort + MostPorts;
    }

    private static long Sources(RuleStep step, FirewallTable table) => step switch
    {
        MatchStep { Operand.Field: { Source: FieldSource.NetworkHeader, Offset: 8 or 12 } } match => match.Ranges.Length,
        LookupStep lookup when lookup.Key.Any(part => part.Field is { Source: FieldSource.NetworkHeader, Offset: 8 or 12 }) =>
            table.Sets.FirstOrDefault(set => set.Name == lookup.Set)?.Count ?? 0,
        _ => 0,
    };

    /// <summary>How many intervals it took.</summary>
    public int Size => _store.Size;

    /// <summary>The parts of some packets with one outcome each.</summary>
    /// <param name="question">Which packets.</param>
    public IEnumerable<ReachRegion> Regions(ReachQuestion question) => View(question).Regions(null);

    /// <summary>Some packets, worked out once, to ask for port after port.</summary>
    /// <param name="question">Which packets.</param>
    /// <exception cref="TooComplexException">It would take more memory than is allowed.</exception>
    public ReachView View(ReachQuestion question)
    {
        int function = Within(DestinationField, question.Destinations, _function);
        function = question.Ports is { } ports && _arrival.HasPorts
            ? Within(new PacketField(FieldSource.TransportHeader, "", 2, 2), [.. ports.Select(PortRange)], function)
            : function;
        function = Within(SourceField, question.Sources, function);
        foreach (IpBlock block in question.Except.Where(block => block.Prefix.Version == _arrival.Version))
        {
            function = _matches.Match(new MatchStep(new Operand(SourceField), [AddressRanges.Of(block)], true), new PacketState(), function, _excluded)!.Value;
        }

        function = question.IsRouted ? Routed(function) : function;
        return new ReachView(new RegionWalk(_store, _layout, _ledger, _arrival.Version, _excluded, _blindSpots), function);
    }

    /// <summary>
    /// The function without the sources to which answers would leave by other interfaces alone. Of the routes of a table that hold a source the
    /// longest one tells; which table is asked may depend on anything (ip-rule(8)), so that each may speak for the interface. A source that no
    /// route holds may come by any.
    /// </summary>
    private int Routed(int function)
    {
        NetworkRoute[] routes = [.. (_arrival.Routes ?? []).Where(route => route.Prefix.Version == _arrival.Version).OrderBy(route => route.Length)];
        if (routes.Length is 0 or > SourceRoutes.Most)
        {
            return function;
        }

        int unrouted = function;
        int elsewhere = _excluded;
        foreach (IGrouping<uint, NetworkRoute> table in routes.GroupBy(route => route.Table))
        {
            (unrouted, elsewhere) = (ByTable(table, function, elsewhere, unrouted), ByTable(table, function, elsewhere, elsewhere));
        }

        return unrouted;
    }

    private int ByTable(IEnumerable<NetworkRoute> table, int here, int elsewhere, int none)
    {
        int routed = none;
        foreach (IGrouping<(IpAddress Prefix, int Length), NetworkRoute> same in table.GroupBy(route => (route.Prefix, route.Length)))
        {
            int inside = same.Any(route => route.Interface == _arrival.Interface.Index) ? here : elsewhere;
            routed = _matches.Match(new MatchStep(new Operand(SourceField), [AddressRanges.Of(new IpBlock(same.Key.Prefix, same.Key.Length))], false), new PacketState(), inside, routed)!.Value;
        }

        return routed;
    }

    /// <summary>What becomes of one packet, and of those around it that fare alike.</summary>
    /// <param name="source">The source address, of the arrival's version.</param>
    /// <param name="destination">The destination address, of the arrival's version.</param>
    /// <param name="sourcePort">The source port, 0 to 65535; of ICMP the type.</param>
    /// <param name="destinationPort">The destination port, 0 to 65535; of ICMP the code.</param>
    public ReachRegion At(IpAddress source, IpAddress destination, int sourcePort, int destinationPort)
    {
        _at ??= new RegionWalk(_store, _layout, _ledger, _arrival.Version, _excluded, _blindSpots);
        return _at.At(_function, dimension => dimension switch
        {
            PacketDimension.SourceHigh => source.High,
            PacketDimension.SourceLow => source.Low,
            PacketDimension.DestinationHigh => destination.High,
            PacketDimension.DestinationLow => destination.Low,
            PacketDimension.SourcePort or PacketDimension.IcmpType => (ulong)sourcePort,
            _ => (ulong)destinationPort,
        })!;
    }

    private PacketField SourceField => _arrival.Version == IpVersion.V4 ? new PacketField(FieldSource.NetworkHeader, "", 12, 4) : new PacketField(FieldSource.NetworkHeader, "", 8, 16);

    private PacketField DestinationField => _arrival.Version == IpVersion.V4 ? new PacketField(FieldSource.NetworkHeader, "", 16, 4) : new PacketField(FieldSource.NetworkHeader, "", 24, 16);

    private int Within(PacketField field, ImmutableArray<IpBlock>? blocks, int function) =>
        blocks is { } wanted ? Within(field, [.. wanted.Where(block => block.Prefix.Version == _arrival.Version).Select(AddressRanges.Of)], function) : function;

    private int Within(PacketField field, ImmutableArray<ByteRange> ranges, int function) =>
        _matches.Match(new MatchStep(new Operand(field), ranges, false), new PacketState(), function, _excluded)!.Value;

    private static ByteRange PortRange((int First, int Last) ports) =>
        new([(byte)(ports.First >> 8), (byte)ports.First], [(byte)(ports.Last >> 8), (byte)ports.Last]);
}
