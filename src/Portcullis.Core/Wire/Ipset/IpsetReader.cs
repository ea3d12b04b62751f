using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Ipset;

/// <summary>
/// One set while its elements are read. What can't be told as ranges of keys makes the set incomplete, so that nothing is claimed of it.
/// </summary>
internal sealed class IpsetReader
{
    // IPSET_ATTR_ of linux/netfilter/ipset/ip_set.h, those of a set as it was made and of its elements
    private const int IP = 1;
    private const int IP_TO = 2;
    private const int CIDR = 3;
    private const int PORT = 4;
    private const int PORT_TO = 5;
    private const int TIMEOUT = 6;
    private const int PROTO = 7;
    private const int CADT_FLAGS = 8;
    private const int MARK = 10;
    private const int MARKMASK = 11;
    private const int BITMASK = 12;
    private const int NAME = 18;
    private const int NETMASK = 20;
    private const int IP2 = 20;
    private const int CIDR2 = 21;
    private const int IP2_TO = 22;
    private const int IFACE = 23;
    private const uint PHYSDEV = 1 << 1;
    private const uint NOMATCH = 1 << 2;
    private const uint IFACE_WILDCARD = 1 << 7;

    private readonly List<byte> _keys = [];
    private readonly List<bool> _exceptions = [];
    private readonly IpsetKind? _kind;
    private readonly int _address;
    private int _netmask;
    private bool _hasTimeouts;
    private bool _hasWildcards;
    private bool _isIncomplete;

    internal IpsetReader(string name, string type, int family)
    {
        Name = name;
        Type = type;
        Family = family;
        _address = family == (int)TableFamily.Ip6 ? 16 : 4; // NFPROTO_IPV6, NFPROTO_IPV4; 0 for a set without addresses
        _kind = IpsetKind.Of(type);
        _netmask = _address * 8;
    }

    internal string Name { get; }

    internal string Type { get; }

    internal int Family { get; }

    /// <summary>For a list of sets its members.</summary>
    internal List<string> Members { get; } = [];

    /// <summary>How the set was made: IPSET_ATTR_DATA of the set.</summary>
    internal void Made(ReadOnlySpan<byte> data)
    {
        NetlinkAttributes each = new(data);
        while (each.Next())
        {
            switch (each.Type)
            {
                case TIMEOUT: _hasTimeouts = true; break;
                case NETMASK when each.Value.Length == 1 && each.Value[0] <= _address * 8: _netmask = each.Value[0]; break;
                case BITMASK or NETMASK: _isIncomplete = true; break;
                case MARKMASK: _isIncomplete |= !each.Value.SequenceEqual((ReadOnlySpan<byte>)[0xff, 0xff, 0xff, 0xff]); break;
            }
        }

        _isIncomplete |= each.Malformed;
    }

    /// <summary>Some of its elements: IPSET_ATTR_ADT.</summary>
    internal void Elements(ReadOnlySpan<byte> list)
    {
        const int IPSET_ATTR_DATA = 7;
        NetlinkAttributes each = new(list);
        while (each.Next())
        {
            _isIncomplete |= each.Type != IPSET_ATTR_DATA || !Element(each.Value);
        }

        _isIncomplete |= each.Malformed;
    }

    /// <summary>The set with these elements; null where its type is not understood.</summary>
    internal FirewallSet? ToModel(string name)
    {
        if (_kind is null)
        {
            return null;
        }

        // With a port in the key no exception is told by ranges of addresses, nor where a name of an interface may stand for several.
        bool hasInterfaces = Type == "hash:net,iface";
        bool hasExceptions = _exceptions.Contains(true);
        bool isTold = !hasExceptions || _kind.Parts.Length == 1 || (hasInterfaces && !_hasWildcards);
        byte[] keys = isTold && (hasInterfaces || hasExceptions) ? IpsetNetworks.Settle(_keys, _exceptions, _kind.KeyLength(_address), _address) : [.. _keys];
        return new FirewallSet
        {
            Name = name,
            KeyLength = _kind.KeyLength(_address),
            Keys = ImmutableCollectionsMarshal.AsImmutableArray(keys),
            HasTimeouts = _hasTimeouts,
            IsIncomplete = _isIncomplete || !isTold,
        };
    }

    private bool Element(ReadOnlySpan<byte> data)
    {
        IpsetElement element = default;
        NetlinkAttributes each = new(data);
        while (each.Next())
        {
            switch (each.Type)
            {
                case IP: element.First = AddressIn(each.Value); break;
                case IP_TO: element.Last = AddressIn(each.Value); break;
                case CIDR: element.Prefix = each.Value; break;
                case PORT: element.Port = each.Value; break;
                case PORT_TO: element.PortTo = each.Value; break;
                case PROTO: element.Protocol = each.Value; break;
                case CADT_FLAGS when each.Value.Length == 4: element.Flags = BinaryPrimitives.ReadUInt32BigEndian(each.Value); break;
                case MARK: element.Mark = each.Value; break;
                case IP2: element.First2 = AddressIn(each.Value); break;
                case IP2_TO: element.Last2 = AddressIn(each.Value); break;
                case CIDR2: element.Prefix2 = each.Value; break;
                case IFACE: element.Interface = each.Value; break;
                case NAME: Members.Add(Ipsets.TextOf(each.Value)); break;
            }
        }

        return !each.Malformed && (_kind is null || Add(element));
    }

    /// <summary>Adds the key of an element; false where it has none, or more than one range tells.</summary>
    private bool Add(IpsetElement element)
    {
        // Behind a bridge the interface is another one.
        bool isKnown = (element.Flags & PHYSDEV) == 0;
        Span<byte> first = stackalloc byte[64];
        Span<byte> last = stackalloc byte[64];
        first.Clear();
        last.Clear();
        int at = 0;
        foreach ((IpsetPart part, int dimension) in _kind!.Parts)
        {
            Span<byte> from = first.Slice(at, IpsetKind.Length(part, _address));
            Span<byte> to = last.Slice(at, from.Length);
            isKnown &= part switch
            {
                IpsetPart.Address when dimension == 1 => Range(element.First, element.Last, element.Prefix, from, to),
                IpsetPart.Address => Range(element.First2, element.Last2, element.Prefix2, from, to),
                IpsetPart.Port => element.Port.TryCopyTo(from) && element.Port.Length == 2 && (element.PortTo.IsEmpty ? element.Port : element.PortTo).TryCopyTo(to),
                IpsetPart.Protocol => Protocol(element, from, to),
                IpsetPart.Interface => Interface(element, from, to),
                _ => element.Mark.Length == 4 && element.Mark.TryCopyTo(from) && element.Mark.TryCopyTo(to),
            };
            at += _kind.Padded(part, _address);
        }

        if (!isKnown)
        {
            return false;
        }

        _hasWildcards |= (element.Flags & IFACE_WILDCARD) != 0;
        _keys.AddRange(first[..at]);
        _keys.AddRange(last[..at]);
        _exceptions.Add((element.Flags & NOMATCH) != 0);
        return true;
    }

    /// <summary>An address, a range of them, or a network; those of a set with a netmask are networks too.</summary>
    private bool Range(ReadOnlySpan<byte> address, ReadOnlySpan<byte> end, ReadOnlySpan<byte> prefix, Span<byte> from, Span<byte> to)
    {
        int bits = prefix.Length == 1 ? prefix[0] : _netmask;
        if (address.Length != _address || (!end.IsEmpty && end.Length != _address) || bits > _address * 8 || prefix.Length > 1)
        {
            return false;
        }

        address.CopyTo(from);
        (end.IsEmpty ? address : end).CopyTo(to);
        for (int at = 0; at < _address; at++)
        {
            int kept = Math.Clamp(bits - (8 * at), 0, 8);
            byte rest = (byte)(0xff >> kept);
            from[at] &= (byte)~rest;
            to[at] |= rest;
        }

        return true;
    }

    /// <summary>
    /// A port goes with a protocol; those of "bitmap:port" are of TCP and of UDP (ip_set_get_ip_port in ip_set_getport.c), which have a neighbour
    /// or two that no such packet has. With ICMP it is type and code, wherever the rule looks.
    /// </summary>
    private bool Protocol(IpsetElement element, Span<byte> from, Span<byte> to)
    {
        const byte Icmp = 1;
        const byte IcmpV6 = 58;
        if (Type == "bitmap:port")
        {
            (from[0], to[0]) = (6, 17);
            return true;
        }

        return element.Protocol is [not (Icmp or IcmpV6)] && element.Protocol.TryCopyTo(from) && element.Protocol.TryCopyTo(to);
    }

    private static bool Interface(IpsetElement element, Span<byte> from, Span<byte> to)
    {
        int length = element.Interface.IndexOf((byte)0);
        ReadOnlySpan<byte> name = length < 0 ? element.Interface : element.Interface[..length];
        if (name.IsEmpty || name.Length >= from.Length)
        {
            return false;
        }

        to.Fill((element.Flags & IFACE_WILDCARD) != 0 ? (byte)0xff : (byte)0);
        name.CopyTo(from);
        name.CopyTo(to);
        return true;
    }

    /// <summary>IPSET_ATTR_IPADDR_IPV4 or IPSET_ATTR_IPADDR_IPV6 of a nested attribute; empty where it is of another length.</summary>
    private ReadOnlySpan<byte> AddressIn(ReadOnlySpan<byte> nested)
    {
        NetlinkAttributes address = new(nested);
        return address.Next() && address.Value.Length == _address ? address.Value : default;
    }
}
