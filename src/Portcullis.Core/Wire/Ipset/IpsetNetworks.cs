using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Core.Wire.Ipset;

/// <summary>
/// Networks of which the longest prefix decides that holds an address: the kernel tries them from the longest on, and goes no further where one
/// is an exception ("nomatch"), or stands in the set with another interface only (net/netfilter/ipset/ip_set_hash_gen.h, mtype_test_cidrs). They
/// lie inside of each other or apart.
/// </summary>
internal static class IpsetNetworks
{
    /// <summary>The same keys with ranges of addresses that are apart, the exceptions left out.</summary>
    /// <param name="keys">For each element its least and its greatest key, which begin with an address.</param>
    /// <param name="isException">For each, whether it is one.</param>
    /// <param name="keyLength">The length of a key in bytes.</param>
    /// <param name="length">The length of an address in bytes.</param>
    internal static byte[] Settle(List<byte> keys, List<bool> isException, int keyLength, int length)
    {
        byte[] all = [.. keys];
        List<byte> settled = [];
        IGrouping<(UInt128 First, UInt128 Last), int>[] networks =
        [
            .. Enumerable.Range(0, isException.Count).GroupBy(at => (Number(all.AsSpan(2 * at * keyLength, length)), Number(all.AsSpan(((2 * at) + 1) * keyLength, length))))
                .OrderBy(network => network.Key.Item1).ThenByDescending(network => network.Key.Item2),
        ];
        foreach ((int network, UInt128 first, UInt128 last) in Apart([.. networks.Select(network => network.Key)]))
        {
            foreach (int element in networks[network].Where(element => !isException[element]))
            {
                Put(first, length, settled);
                settled.AddRange(all.AsSpan((2 * element * keyLength) + length, keyLength - length));
                Put(last, length, settled);
                settled.AddRange(all.AsSpan((((2 * element) + 1) * keyLength) + length, keyLength - length));
            }
        }

        return [.. settled];
    }

    /// <summary>What is left of each network without those inside of it.</summary>
    /// <param name="networks">The networks, outer ones before those in them.</param>
    private static List<(int Network, UInt128 First, UInt128 Last)> Apart((UInt128 First, UInt128 Last)[] networks)
    {
        List<(int Network, UInt128 First, UInt128 Last)> left = [];
        Stack<int> open = new();
        UInt128? next = 0; // null behind the last address of all
        for (int at = 0; at <= networks.Length; at++)
        {
            while (open.TryPeek(out int inner) && (at == networks.Length || networks[inner].Last < networks[at].First))
            {
                UInt128 last = networks[open.Pop()].Last;
                if (next is UInt128 rest && rest <= last)
                {
                    left.Add((inner, rest, last));
                    next = last == UInt128.MaxValue ? null : last + 1;
                }
            }

            if (at < networks.Length)
            {
                if (open.TryPeek(out int outer) && next is UInt128 from && networks[at].First > from)
                {
                    left.Add((outer, from, networks[at].First - 1));
                }

                next = networks[at].First;
                open.Push(at);
            }
        }

        return left;
    }

    private static void Put(UInt128 number, int length, List<byte> to)
    {
        for (int at = length - 1; at >= 0; at--)
        {
            to.Add((byte)(number >> (8 * at)));
        }
    }

    private static UInt128 Number(ReadOnlySpan<byte> bytes)
    {
        UInt128 number = 0;
        foreach (byte one in bytes)
        {
            number = (number << 8) | one;
        }

        return number;
    }
}
