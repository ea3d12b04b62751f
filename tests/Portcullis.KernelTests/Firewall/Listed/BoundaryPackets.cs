using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>Packets whose fields lie on both sides of every bound that rulesets name.</summary>
internal sealed class BoundaryPackets
{
    private readonly SortedSet<int> _ports = [0, 1, 65535];
    private readonly SortedSet<int> _bytes = [0, 3, 8, 128];
    private readonly SortedSet<int> _flags = [2, 16, 18, 0, 1, 255];
    private readonly SortedSet<IpAddress> _v4 = [IpAddress.Parse("10.0.0.1"), IpAddress.Parse("8.8.8.8")];
    private readonly SortedSet<IpAddress> _v6 = [IpAddress.Parse("fd00::1"), IpAddress.Parse("2001:db8::8")];
    private readonly Random _random;

    internal BoundaryPackets(Random random, params Ruleset[] rulesets)
    {
        _random = random;
        foreach (FirewallTable table in rulesets.SelectMany(ruleset => ruleset.Tables))
        {
            foreach (RuleStep step in table.Chains.SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps))
            {
                Step(table, step);
            }
        }
    }

    /// <summary>Packets of a protocol: two for every bound, the rest of each by lot.</summary>
    internal IEnumerable<FirstPacket> All(IpVersion version, byte protocol)
    {
        SortedSet<IpAddress> addresses = version == IpVersion.V4 ? _v4 : _v6;
        SortedSet<int> ports = protocol is 1 or 58 ? _bytes : _ports;
        foreach (IpAddress address in addresses)
        {
            yield return Packet(address, One(addresses), protocol, One(ports), One(ports));
            yield return Packet(One(addresses), address, protocol, One(ports), One(ports));
        }

        foreach (int port in ports)
        {
            yield return Packet(One(addresses), One(addresses), protocol, port, One(ports));
            yield return Packet(One(addresses), One(addresses), protocol, One(ports), port);
        }
    }

    private FirstPacket Packet(IpAddress source, IpAddress destination, byte protocol, int first, int second)
    {
        FirstPacket packet = FirstPacket.Of(source, destination, protocol, first, second);
        return protocol == 6 && _random.Next(3) == 0 ? packet with { Transport = packet.Transport.SetItem(13, (byte)One(_flags)) } : packet;
    }

    private T One<T>(SortedSet<T> pool) => pool.ElementAt(_random.Next(pool.Count));

    private void Step(FirewallTable table, RuleStep step)
    {
        switch (step)
        {
            case MatchStep match:
                foreach (ByteRange range in match.Ranges)
                {
                    Bound(match.Operand, Full(range.First, match.Operand.Field.Length, 0), Full(range.Last, match.Operand.Field.Length, 0xff));
                }

                break;
            case LookupStep lookup: Keys(table, lookup.Key, lookup.Set); break;
            case VerdictMapStep map: Keys(table, map.Key, map.Map); break;
            case AssignStep { Value: MappedValue mapped }: Keys(table, mapped.Key, mapped.Map); break;
            case TranslateStep { Address: MappedValue mapped }: Keys(table, mapped.Key, mapped.Map); break;
        }
    }

    private static byte[] Full(ImmutableArray<byte> bound, int length, byte filling) => [.. bound.Take(length), .. Enumerable.Repeat(filling, Math.Max(0, length - bound.Length))];

    private void Keys(FirewallTable table, ImmutableArray<Operand> key, string name)
    {
        if (table.Sets.FirstOrDefault(set => set.Name == name) is not FirewallSet set)
        {
            return;
        }

        for (int element = 0; element < Math.Min(set.Count, 200); element++)
        {
            int at = 2 * element * set.KeyLength;
            foreach (Operand part in key)
            {
                int length = part.Field.Length;
                if (at + length + set.KeyLength <= set.Keys.Length)
                {
                    Bound(part, [.. set.Keys.AsSpan(at, length)], [.. set.Keys.AsSpan(at + set.KeyLength, length)]);
                }

                at += key.Length == 1 ? length : (length + 3) / 4 * 4;
            }
        }
    }

    private void Bound(Operand operand, byte[] first, byte[] last)
    {
        for (int at = 0; at < Math.Min(operand.Mask.Length, last.Length); at++)
        {
            last[at] |= (byte)~operand.Mask[at]; // what is not compared
        }

        switch (operand.Field)
        {
            case { Source: FieldSource.TransportHeader, Offset: 13, Length: 1 }:
                _flags.UnionWith([first[0], last[0], 255 & ~first[0]]);
                break;
            case { Source: FieldSource.TransportHeader, Offset: 0 or 1, Length: 1 }:
                _bytes.UnionWith(Around(first[0], last[0], 255));
                break;
            case { Length: 2, Source: FieldSource.TransportHeader or FieldSource.Connection }:
                _ports.UnionWith(Around((first[0] << 8) | first[1], (last[0] << 8) | last[1], 65535));
                break;
            case { Length: 4 or 16, Source: FieldSource.NetworkHeader or FieldSource.Connection } when operand.Field.Source == FieldSource.NetworkHeader || operand.Field.Name.EndsWith("addr", StringComparison.Ordinal):
                (operand.Field.Length == 4 ? _v4 : _v6).UnionWith(Around(IpAddress.FromNetworkOrder(first), IpAddress.FromNetworkOrder(last)));
                break;
        }
    }

    private static IEnumerable<int> Around(int first, int last, int most) =>
        ((int[])[first - 1, first, first + 1, last - 1, last, last + 1]).Where(one => one >= 0 && one <= most);

    private static IpAddress[] Around(IpAddress first, IpAddress last) => [Moved(first, ulong.MaxValue), first, last, Moved(last, 1)];

    private static IpAddress Moved(IpAddress address, ulong by)
    {
        ulong low = address.Low + by;
        return address.Version == IpVersion.V4 ? IpAddress.FromV4((uint)low)
            : IpAddress.FromV6(address.High + (by == 1 && low == 0 ? 1UL : by != 1 && address.Low == 0 ? ulong.MaxValue : 0), low);
    }
}
