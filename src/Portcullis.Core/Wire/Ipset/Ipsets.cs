using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Ipset;

/// <summary>
/// The sets of ipset(8) of a namespace, by the numbers by which rules of iptables name them, and what was learnt of them from those rules.
/// Never throws; a set that is not understood is none.
/// </summary>
public sealed class Ipsets
{
    private const int SETNAME = 2;
    private const int TYPENAME = 3;
    private const int FAMILY = 5;
    private const int DATA = 7;
    private const int ADT = 8;
    private const int INDEX = 11;
    private const int Unspecified = 0;

    private readonly Dictionary<string, IpsetReader> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, IpsetReader> _byNumber = [];
    private readonly Dictionary<string, FirewallSet> _used = new(StringComparer.Ordinal);
    private readonly HashSet<int> _filled = [];
    private bool _isWhole = true;

    /// <summary>The sets that the answer to <see cref="IpsetRequest.Sets"/> tells of.</summary>
    /// <param name="messages">Netlink messages, one behind the other; empty for no sets.</param>
    public static Ipsets Decode(ReadOnlySpan<byte> messages)
    {
        Ipsets sets = new();
        NetlinkMessages each = new(messages);
        while (each.Next())
        {
            if (each.Type == IpsetRequest.Listed && each.Payload.Length >= IpsetRequest.HeaderLength)
            {
                sets.Set(each.Payload[IpsetRequest.HeaderLength..]);
            }
        }

        // Elements may be missing of any of them.
        sets._isWhole &= each.Malformed is null;
        return sets;
    }

    /// <summary>How a rule's set is told: "blocklist (hash:mac)", and where it is not known, "#3".</summary>
    /// <param name="number">Its number.</param>
    public string NameOf(int number) => _byNumber.TryGetValue(number, out IpsetReader? set) ? $"{set.Name} ({set.Type})" : FormattableString.Invariant($"#{number}");

    /// <summary>Remembers that packets are added to a set, or taken from it.</summary>
    /// <param name="number">Its number.</param>
    public void Fill(int number) => _filled.Add(number);

    /// <summary>The table with those of these sets that its rules look up.</summary>
    /// <param name="table">A table of which all rules, and all rules of every other table, have been decoded.</param>
    public FirewallTable Lend(FirewallTable table)
    {
        HashSet<string> looked = [.. table.Chains.SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps).OfType<LookupStep>().Select(step => step.Set)];
        HashSet<string> filled = [.. _filled.SelectMany(OwnAndParents)];
        FirewallSet[] lent = [.. _used.Values.Where(set => looked.Contains(set.Name)).Select(set => filled.Contains(set.Name) ? set with { IsDynamic = true } : set)];
        return lent.Length == 0 ? table : table with { Sets = [.. table.Sets, .. lent] };
    }

    /// <summary>The set that a rule looks up; null where it is not understood.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="family">The family of the rule's table.</param>
    /// <param name="kind">The form of its keys.</param>
    /// <param name="isOther">Whether it is of another family, so that it holds no packet of the rule's.</param>
    internal FirewallSet? Find(int number, TableFamily family, out IpsetKind kind, out bool isOther)
    {
        kind = null!;
        isOther = false;
        if (!_byNumber.TryGetValue(number, out IpsetReader? told))
        {
            return null;
        }

        isOther = told.Family != Unspecified && told.Family != (int)family;
        IpsetReader first = told.Type == "list:set" && told.Members.Count > 0 && _byName.TryGetValue(told.Members[0], out IpsetReader? member) ? member : told;
        if (IpsetKind.Of(first.Type) is not IpsetKind known)
        {
            return null;
        }

        kind = known;
        string name = "ipset " + told.Name;
        if (!_used.TryGetValue(name, out FirewallSet? set))
        {
            set = told == first ? told.ToModel(name) : Together(told, first, name);
            if (set is null)
            {
                return null;
            }

            set = _isWhole ? set : set with { IsIncomplete = true };
            _used.Add(name, set);
        }

        isOther |= told != first && first.Family != Unspecified && first.Family != (int)family;
        return set;
    }

    /// <summary>A text, which ends at its first zero.</summary>
    internal static string TextOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>A list of sets that are all of one type and family holds what any of them holds.</summary>
    private FirewallSet? Together(IpsetReader list, IpsetReader first, string name)
    {
        ImmutableArray<byte>.Builder keys = ImmutableArray.CreateBuilder<byte>();
        FirewallSet? all = null;
        foreach (string member in list.Members)
        {
            if (!_byName.TryGetValue(member, out IpsetReader? told) || told.Type != first.Type || told.Family != first.Family || told.ToModel(name) is not FirewallSet set)
            {
                return null;
            }

            keys.AddRange(set.Keys);
            all = all is null ? set : all with { HasTimeouts = all.HasTimeouts || set.HasTimeouts, IsIncomplete = all.IsIncomplete || set.IsIncomplete };
        }

        return all is null ? null : all with { Keys = keys.ToImmutable() };
    }

    /// <summary>The names of a set and of the lists that it is in.</summary>
    private IEnumerable<string> OwnAndParents(int number) =>
        !_byNumber.TryGetValue(number, out IpsetReader? set) ? []
            : [$"ipset {set.Name}", .. set.Members.Select(member => $"ipset {member}"), .. _byName.Values.Where(other => other.Members.Contains(set.Name)).Select(other => $"ipset {other.Name}")];

    private void Set(ReadOnlySpan<byte> body)
    {
        (string name, string type, int family, int number) = ("", "", -1, -1);
        ReadOnlySpan<byte> made = default;
        ReadOnlySpan<byte> elements = default;
        NetlinkAttributes each = new(body);
        while (each.Next())
        {
            switch (each.Type)
            {
                case SETNAME: name = TextOf(each.Value); break;
                case TYPENAME: type = TextOf(each.Value); break;
                case FAMILY when each.Value.Length == 1: family = each.Value[0]; break;
                case INDEX when each.Value.Length == 2: number = BinaryPrimitives.ReadUInt16BigEndian(each.Value); break;
                case DATA: made = each.Value; break;
                case ADT: elements = each.Value; break;
            }
        }

        _isWhole &= !each.Malformed;
        if (type.Length > 0 && family >= 0 && _byName.TryAdd(name, new IpsetReader(name, type, family)))
        {
            _byName[name].Made(made);
            if (number >= 0)
            {
                _byNumber[number] = _byName[name];
            }
        }

        // A large set comes in several messages, of which the first alone says what it is.
        if (_byName.TryGetValue(name, out IpsetReader? set))
        {
            set.Elements(elements);
        }
        else
        {
            _isWhole = false;
        }
    }
}
