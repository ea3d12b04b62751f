using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Firewall;

/// <summary>Makes the steps of random rules.</summary>
internal sealed class RandomSteps(Random random, Arrival arrival, IpAddress[] sources, IpAddress[] destinations)
{
    private readonly List<FirewallSet> _sets = [];
    private readonly bool _isWild = random.Next(3) == 0; // with what is answered by "it depends"
    private string[] _chains = [];
    private bool _isLoose;
    private bool _asksOriginal;
    private bool _writesPort;

    // What stood in a packet before tracking began is not followed up; of other protocols these ports are bytes that nobody follows up.
    internal bool IsExact => arrival.HasPorts && !_isLoose && !(_asksOriginal && _writesPort);

    internal ImmutableArray<FirewallSet> Sets => [.. _sets];

    /// <summary>Begins a table with these chains to jump to.</summary>
    internal void Begin(string[] chains)
    {
        _chains = chains;
        _sets.Clear();
    }

    internal IEnumerable<RuleStep> Rule(int from, bool isNat, bool isPrerouting)
    {
        int conditions = random.Next(4);
        for (int at = 0; at < conditions; at++)
        {
            yield return Condition();
        }

        int changes = random.Next(4) == 0 ? 1 : 0;
        for (int at = 0; at < changes; at++)
        {
            yield return Change(isPrerouting);
            if (random.Next(3) == 0)
            {
                yield return Condition();
            }
        }

        switch (random.Next(10))
        {
            case < 2:
                yield break;
            case 2:
                yield return VerdictMap(from);
                break;
            case < 7 when isNat:
                yield return Translation(isPrerouting);
                break;
            default:
                yield return new VerdictStep(Verdict(from));
                break;
        }
    }

    private RuleVerdict Verdict(int from) => random.Next(14) switch
    {
        < 4 => new RuleVerdict(VerdictKind.Accept),
        < 7 => new RuleVerdict(VerdictKind.Drop),
        7 => new RuleVerdict(VerdictKind.Reject),
        8 => new RuleVerdict(VerdictKind.Continue),
        9 => new RuleVerdict(VerdictKind.Return),
        < 12 when from < _chains.Length => new RuleVerdict(VerdictKind.Jump, _chains[random.Next(from, _chains.Length)]),
        12 when from < _chains.Length => new RuleVerdict(VerdictKind.Goto, _chains[random.Next(from, _chains.Length)]),
        13 when random.Next(6) == 0 => new RuleVerdict(VerdictKind.Queue),
        _ => new RuleVerdict(VerdictKind.Return),
    };

    private RuleStep Condition()
    {
        bool negated = random.Next(4) == 0;
        switch (random.Next(24))
        {
            case < 5: return PortMatch(random.Next(4) == 0 ? Fields.SourcePort : Fields.Port, negated);
            case < 8: return AddressMatch(Fields.Source(arrival.Version), sources, negated);
            case < 10: return AddressMatch(Fields.Destination(arrival.Version), destinations, negated);
            case 10: return Fields.Is(Fields.Protocol, (ulong)(random.Next(3) switch { 0 => 6, 1 => 17, _ => arrival.Protocol })) with { Negated = negated };
            case 11: return Fields.Is(Fields.Version, random.Next(2) == 0 ? 2u : 10u);
            case 12: return InterfaceMatch(negated);
            case 13: return Fields.Any(Fields.State, (uint)(random.Next(5) switch { 0 => 8, 1 => 6, 2 => 1, 3 => 64, _ => 9 }));
            case 14 when random.Next(2) == 0: return Fields.Any(Fields.Status, 32);
            case 14:
                _asksOriginal = true;
                return Fields.Is(Fields.OriginalPort, (ulong)RandomRules.PortOf(random));
            case < 17: return MarkMatch(random.Next(4) == 0 ? Fields.ConnectionMark : Fields.Mark, negated);
            case 17 when random.Next(3) == 0:
                (string name, int length) = random.Next(4) switch { 0 => ("saddr oif", 4), 1 => ("saddr . iif oif", 4), 2 => ("saddr check", 1), _ => ("saddr . mark . iif check", 1) };
                return Fields.Is(new PacketField(FieldSource.Route, name, 0, length), (ulong)(random.Next(2) * (length == 1 ? 1 : 3))) with { Negated = negated };
            case 17: return new MatchStep(new Operand(Fields.DestinationType), [Fields.One(Fields.Bytes(random.Next(2) == 0 ? 2u : 5u, 4))], negated);
            case 18: return Fields.Is(Fields.IcmpType, (ulong)(random.Next(3) switch { 0 => 8, 1 => 128, _ => 3 })) with { Negated = negated };
            case 19: return new ChanceStep($"limit {random.Next(3)}", random.Next(2) == 0);
            case < 23: return Lookup(negated);
            default: return _isWild ? Wild(negated) : new RemarkStep("counter");
        }
    }

    /// <summary>What is answered by "it depends", though the packet tells it.</summary>
    private RuleStep Wild(bool negated)
    {
        _isLoose = true;
        switch (random.Next(6))
        {
            case 0: return new MatchStep(new Operand(Fields.Ttl), [Fields.One([1])], negated);
            case 1: return new MatchStep(new Operand(Fields.TcpFlags, [(byte)random.Next(256)], []), [Fields.One([(byte)random.Next(4)])], negated);
            case 2: return new MatchStep(new Operand(Fields.User), [Fields.One([0, 0, 0, 0])], negated);
            case 3: return random.Next(4) == 0 ? new OpaqueStep("xt bpf") : Fields.Is(new PacketField(FieldSource.TransportHeader, "", 4, 2), (ulong)random.Next(2));
            case 4:
                PacketField source = Fields.Source(arrival.Version);
                return new MatchStep(new Operand(source, [.. Enumerable.Range(0, source.Length).Select(_ => (byte)random.Next(256))], []), [new ByteRange([.. new byte[source.Length]], [0x80, .. new byte[source.Length - 1]])], negated);
            default:
                PacketField two = new(FieldSource.NetworkHeader, "", arrival.Version == IpVersion.V4 ? 14 : 20, arrival.Version == IpVersion.V4 ? 6 : 20);
                return new MatchStep(new Operand(two), [new ByteRange([.. new byte[two.Length]], [.. new byte[] { 0, 0x80, 1, 2 }, .. new byte[two.Length - 4]])], negated);
        }
    }

    private MatchStep PortMatch(PacketField field, bool negated)
    {
        switch (random.Next(8))
        {
            case 0: // a mask that is no prefix; with low bits in it every other port is another case, which takes long
                int mask = random.Next(1, 65536) & (random.Next(40) == 0 ? 0xffff : 0xfe00);
                return new MatchStep(new Operand(field, Fields.Bytes((ulong)mask, 2), []), [Fields.One(Fields.Bytes((ulong)(random.Next(65536) & mask), 2))], negated);
            case 1: // leading bits, between bounds with bits behind these
                return new MatchStep(new Operand(field, [0xff, 0xc0], random.Next(2) == 0 ? [] : [0x01, 0x40]), [Range(RandomRules.PortOf(random), RandomRules.PortOf(random))], negated);
            case 2: // the first byte alone
                return new MatchStep(new Operand(field), [new ByteRange([0], [4])], negated);
            default:
                return new MatchStep(new Operand(field), [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => random.Next(2) == 0 ? One(RandomRules.PortOf(random)) : Range(RandomRules.PortOf(random), RandomRules.PortOf(random)))], negated);
        }
    }

    private static ByteRange One(int port) => Fields.One(Fields.Bytes((ulong)port, 2));

    private static ByteRange Range(int one, int other) => new(Fields.Bytes((ulong)Math.Min(one, other), 2), Fields.Bytes((ulong)Math.Max(one, other), 2));

    private MatchStep AddressMatch(PacketField field, IpAddress[] pool, bool negated)
    {
        ImmutableArray<byte> one = Fields.Bytes(pool[random.Next(pool.Length)]);
        switch (random.Next(4))
        {
            case 0: // a prefix by mask
                int bits = random.Next((field.Length * 8) + 1);
                ImmutableArray<byte> mask = [.. Enumerable.Range(0, field.Length).Select(at => (byte)(0xff00 >> Math.Clamp(bits - (at * 8), 0, 8)))];
                return new MatchStep(new Operand(field, mask, []), [Fields.One([.. one.Select((part, at) => (byte)(part & mask[at]))])], negated);
            case 1: // a prefix of whole bytes
                int length = random.Next(1, field.Length + 1);
                return new MatchStep(new Operand(field), [Fields.One(one[..length])], negated);
            case 2:
                return new MatchStep(new Operand(field), [Fields.One(one)], negated);
            default:
                return new MatchStep(new Operand(field), [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => AddressRange(pool))], negated);
        }
    }

    private ByteRange AddressRange(IpAddress[] pool)
    {
        IpAddress[] ends = [.. new[] { pool[random.Next(pool.Length)], pool[random.Next(pool.Length)] }.Order()];
        return new ByteRange(Fields.Bytes(ends[0]), Fields.Bytes(ends[1]));
    }

    private MatchStep InterfaceMatch(bool negated) => random.Next(4) switch
    {
        0 => Fields.Named("eth0") with { Negated = negated },
        1 => new MatchStep(new Operand(Fields.InterfaceName), [Fields.One([.. "eth"u8])], negated),
        2 => new MatchStep(new Operand(Fields.LeavingName), [Fields.One(Fields.Name(random.Next(2) == 0 ? "docker0" : "eth0"))], negated),
        _ => Fields.Named("docker0") with { Negated = negated },
    };

    private MatchStep MarkMatch(PacketField field, bool negated)
    {
        uint mask = random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(1, 4);
        return new MatchStep(new Operand(field, mask == uint.MaxValue ? [] : Fields.Bytes(mask, 4), []), [Fields.One(Fields.Bytes((uint)random.Next(4) & mask, 4))], negated);
    }

    private RuleStep Change(bool isPrerouting)
    {
        PacketField mark = random.Next(4) == 0 ? Fields.ConnectionMark : Fields.Mark;
        switch (random.Next(12))
        {
            case < 4: return Fields.Set(mark, (ulong)random.Next(4));
            case < 6: // meta mark set meta mark | 2
                uint bit = 1u << random.Next(2);
                return new AssignStep(mark, new ComputedValue(new Operand(random.Next(3) == 0 ? Fields.ConnectionMark : Fields.Mark, Fields.Bytes(~bit, 4), Fields.Bytes(bit, 4))));
            case 6 when _isWild: return new AssignStep(mark, new UnknownValue("numgen random mod 4"));
            case 6: return Fields.Set(new PacketField(FieldSource.Meta, "priority", 0, 4), 1);
            case 7: return MarkByMap(mark);
            case 8 when isPrerouting: return new AssignStep(Fields.Destination(arrival.Version), Fields.Constant(Fields.Bytes(destinations[random.Next(destinations.Length)])));
            case 9 when arrival.HasPorts:
                _writesPort = true;
                return Fields.Set(Fields.Port, (ulong)RandomRules.PortOf(random));
            case 10 when _isWild: return Written();
            default: return new NotrackStep();
        }
    }

    private AssignStep Written()
    {
        _isLoose = true;
        return random.Next(3) switch
        {
            0 => Fields.Set(Fields.Ttl, 1),
            1 => new AssignStep(Fields.Source(arrival.Version), Fields.Constant(Fields.Bytes(sources[random.Next(sources.Length)]))),
            _ => new AssignStep(Fields.Port, new UnknownValue("numgen random")),
        };
    }

    private AssignStep MarkByMap(PacketField mark)
    {
        FirewallSet map = Fields.Elements(NextName(), [2], [.. Enumerable.Range(0, 2).Select(_ => PortKey())]);
        _sets.Add(map with { DataLength = 4, Data = [.. Fields.Bytes((ulong)random.Next(4), 4), .. Fields.Bytes((ulong)random.Next(4), 4)] });
        return new AssignStep(mark, new MappedValue([new Operand(Fields.Port)], map.Name, 0, 4));
    }

    private LookupStep Lookup(bool negated)
    {
        switch (random.Next(4))
        {
            case 0:
                FirewallSet ports = Fields.Elements(NextName(), [2], [.. Enumerable.Range(0, random.Next(4)).Select(_ => PortKey())]);
                _sets.Add(ports with { IsDynamic = random.Next(8) == 0, HasTimeouts = random.Next(12) == 0 });
                return new LookupStep([new Operand(Fields.Port)], ports.Name, negated);
            case 1:
                FirewallSet addresses = Fields.Elements(NextName(), [Fields.Source(arrival.Version).Length], [.. Enumerable.Range(0, random.Next(4)).Select(_ => AddressKey(sources))]);
                _sets.Add(addresses);
                return new LookupStep([new Operand(Fields.Source(arrival.Version))], addresses.Name, negated);
            default:
                (ImmutableArray<Operand> key, FirewallSet set) = Concatenation();
                _sets.Add(set);
                return new LookupStep(key, set.Name, negated);
        }
    }

    private VerdictMapStep VerdictMap(int from)
    {
        (ImmutableArray<Operand> key, FirewallSet set) = random.Next(2) == 0 ? Concatenation()
            : ([new Operand(Fields.Port)], Fields.Elements(NextName(), [2], [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => PortKey())]));
        _sets.Add(set with { Verdicts = [.. Enumerable.Range(0, set.Count).Select(_ => Verdict(from))], HasCatchAll = random.Next(3) == 0 && set.Count > 0 });
        return new VerdictMapStep(key, set.Name);
    }

    private (ImmutableArray<Operand> Key, FirewallSet Set) Concatenation()
    {
        PacketField source = Fields.Source(arrival.Version);
        int[] lengths = [source.Length, 2, 1];
        FirewallSet set = Fields.Elements(NextName(), lengths, [.. Enumerable.Range(0, random.Next(4)).Select(_ =>
        {
            (ImmutableArray<byte>[] addressFirst, ImmutableArray<byte>[] addressLast) = AddressKey(sources);
            (ImmutableArray<byte>[] portFirst, ImmutableArray<byte>[] portLast) = PortKey();
            return ((ImmutableArray<byte>[])[addressFirst[0], portFirst[0], [0]], (ImmutableArray<byte>[])[addressLast[0], portLast[0], [random.Next(3) == 0 ? (byte)5 : (byte)255]]);
        })]);
        return ([new Operand(source), new Operand(Fields.Port), new Operand(Fields.Protocol)], set);
    }

    private (ImmutableArray<byte>[] First, ImmutableArray<byte>[] Last) PortKey()
    {
        ByteRange range = random.Next(2) == 0 ? One(RandomRules.PortOf(random)) : Range(RandomRules.PortOf(random), RandomRules.PortOf(random));
        return ([range.First], [range.Last]);
    }

    private (ImmutableArray<byte>[] First, ImmutableArray<byte>[] Last) AddressKey(IpAddress[] pool)
    {
        ByteRange range = AddressRange(pool);
        return ([range.First], [random.Next(2) == 0 ? range.First : range.Last]);
    }

    private TranslateStep Translation(bool isPrerouting)
    {
        if (!isPrerouting)
        {
            _isLoose = true;
            return new TranslateStep(random.Next(2) == 0 ? TranslationKind.Masquerade : TranslationKind.Source, random.Next(2) == 0 ? null : Fields.Constant(Fields.Bytes(sources[0])), null);
        }

        ValueSource address = Fields.Constant(random.Next(8) == 0 ? Fields.Bytes(arrival.Version == IpVersion.V4 ? "fd17::2" : "172.17.0.2") : Fields.Bytes(destinations[random.Next(3)]));
        ValueSource? port = random.Next(2) == 0 ? null : Fields.Constant(Fields.Bytes((ulong)RandomRules.PortOf(random), 2));
        switch (random.Next(5))
        {
            case 0: return new TranslateStep(TranslationKind.Redirect, null, port);
            case 1: return new TranslateStep(TranslationKind.Destination, null, Fields.Constant(Fields.Bytes(8080, 2)));
            case 2: // dnat to tcp dport map { ... : address . port }
                FirewallSet map = Fields.Elements(NextName(), [2], [.. Enumerable.Range(0, 2).Select(_ => PortKey())]);
                int length = Fields.Source(arrival.Version).Length;
                _sets.Add(map with { DataLength = length + 4, Data = [.. Enumerable.Range(0, 2).SelectMany(_ => Fields.Bytes(destinations[random.Next(3)]).AddRange(Fields.Bytes((ulong)RandomRules.PortOf(random) << 16, 4)))] });
                return new TranslateStep(TranslationKind.Destination, new MappedValue([new Operand(Fields.Port)], map.Name, 0, length), random.Next(2) == 0 ? null : new MappedValue([new Operand(Fields.Port)], map.Name, length, 2));
            default: return new TranslateStep(TranslationKind.Destination, address, port);
        }
    }

    private string NextName() => string.Create(CultureInfo.InvariantCulture, $"s{_sets.Count}");
}
