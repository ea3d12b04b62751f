using System;
using System.Collections.Generic;
using System.Globalization;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Decodes the answers of nf_tables. Never throws; what is not understood stays in the ruleset as such.</summary>
public sealed class NftRuleset
{
    private const int MostUnread = 64;
    private const int NFTA_LAST = 20; // NFTA_SET_COUNT, since Linux 6.16

    private readonly Dictionary<(TableFamily Family, string Name), NftTable> _byName = [];
    private readonly List<NftTable> _tables = [];
    private readonly List<string> _unread = [];
    private readonly NftVerdict _verdicts = new();
    private readonly NftElements _elements;

    private readonly RegisterFile _registers = new();
    private readonly Ipsets? _ipsets;

    private NftRuleset(Ipsets? ipsets)
    {
        _elements = new NftElements(_verdicts);
        _ipsets = ipsets;
    }

    /// <summary>The ruleset that the messages of a <see cref="RulesetDump"/> tell of.</summary>
    /// <param name="messages">Netlink messages, one behind the other.</param>
    /// <param name="ipsets">The sets that matches of iptables may name; null where they are not known. The tables are lent them later.</param>
    public static Ruleset Decode(ReadOnlySpan<byte> messages, Ipsets? ipsets = null)
    {
        NftRuleset ruleset = new(ipsets);
        ruleset.Nouns(messages);
        foreach (NftTable table in ruleset._tables)
        {
            foreach (NftSet set in table.Sets)
            {
                NftIntervals.Settle(set);
            }
        }

        // Sets first: a rule tells only where a key starts, and the set how long it is.
        ruleset.Rules(messages);
        return new Ruleset { Tables = [.. ruleset._tables.ConvertAll(table => table.ToModel())], Unread = [.. ruleset._unread] };
    }

    private void Nouns(ReadOnlySpan<byte> buffer)
    {
        NetlinkMessages messages = new(buffer);
        while (messages.Next())
        {
            if (!Family(messages.Payload, out TableFamily family))
            {
                if (messages.Type != NftRequest.NewGeneration)
                {
                    Miss("a message of an unknown family");
                }

                continue;
            }

            ReadOnlySpan<byte> body = messages.Payload[NftRequest.HeaderLength..];
            switch (messages.Type)
            {
                case NftRequest.NewTable: Table(family, body); break;
                case NftRequest.NewChain: Chain(family, body); break;
                case NftRequest.NewSet: Set(family, body); break;
                case NftRequest.NewElements: Elements(family, body); break;
                case NftRequest.NewRule or NftRequest.NewGeneration: break;
                default: Miss(string.Create(CultureInfo.InvariantCulture, $"a message of the unknown type {messages.Type}")); break;
            }
        }

        if (messages.Malformed is int at)
        {
            Miss(string.Create(CultureInfo.InvariantCulture, $"everything behind byte {at}, where a message is malformed"));
        }
    }

    private void Rules(ReadOnlySpan<byte> buffer)
    {
        NetlinkMessages messages = new(buffer);
        while (messages.Next())
        {
            if (messages.Type == NftRequest.NewRule && Family(messages.Payload, out TableFamily family))
            {
                Rule(family, messages.Payload[NftRequest.HeaderLength..]);
            }
        }
    }

    /// <summary>enum nft_table_attributes.</summary>
    private void Table(TableFamily family, ReadOnlySpan<byte> body)
    {
        const uint Dormant = 0x1;
        const uint Known = 0x7; // dormant, owner, persist
        NftAttributes table = new(body, NFTA_LAST);
        uint flags = table.Number(2) ?? 0;
        NftTable made = new(family, table.Text(1), (flags & Dormant) != 0);
        if (made.Name.Length == 0 || !_byName.TryAdd((family, made.Name), made))
        {
            Miss("a table without a name of its own");
            return;
        }

        _tables.Add(made);
        if ((flags & ~Known) != 0)
        {
            Miss($"table {made.Name} has a flag that is not known");
        }
    }

    /// <summary>enum nft_chain_attributes.</summary>
    private void Chain(TableFamily family, ReadOnlySpan<byte> body)
    {
        const uint Known = 0x7; // base, offload, binding
        NftAttributes chain = new(body, NFTA_LAST);
        string name = chain.Text(3);
        if (Find(family, chain.Text(1)) is not NftTable table || name.Length == 0 || table.ChainsByName.ContainsKey(name))
        {
            Miss($"chain {name} of table {chain.Text(1)}");
            return;
        }

        BaseHook? hook = chain.Has(4) ? NftHook.Decode(family, chain.Bytes(4), chain.Number(5), chain.Text(7)) : null;
        if ((chain.Has(4) && hook is null) || ((chain.Number(10) ?? 0) & ~Known) != 0)
        {
            Miss($"where chain {name} of table {table.Name} hangs");
        }

        NftChain made = new(name, hook);
        table.Chains.Add(made);
        table.ChainsByName[name] = made;
    }

    /// <summary>enum nft_set_attributes.</summary>
    private void Set(TableFamily family, ReadOnlySpan<byte> body)
    {
        const uint DataIsVerdict = 0xffffff00; // NFT_DATA_VERDICT
        NftAttributes set = new(body, NFTA_LAST);
        string name = set.Text(2);
        uint flags = set.Number(3) ?? 0;
        uint keyLength = set.Number(5) ?? 0;
        bool isMap = (flags & NftSet.Map) != 0 && (flags & NftSet.Object) == 0;
        bool holdsVerdicts = isMap && set.Number(6) == DataIsVerdict;
        uint dataLength = isMap && !holdsVerdicts ? set.Number(7) ?? 0 : 0;
        if (Find(family, set.Text(1)) is not NftTable table || name.Length == 0 || table.SetsByName.ContainsKey(name)
            || keyLength is 0 or > NftSet.LongestValue || dataLength > NftSet.LongestValue || (isMap && !holdsVerdicts && dataLength == 0))
        {
            Miss($"set {name} of table {set.Text(1)}");
            return;
        }

        NftSet made = new(name)
        {
            Flags = flags,
            KeyLength = (int)keyLength,
            DataLength = (int)dataLength,
            HoldsVerdicts = holdsVerdicts,
            ObjectType = (flags & NftSet.Object) != 0 ? set.Number(15) ?? uint.MaxValue : 0,
            IsIncomplete = !set.IsWhole || (flags & ~NftSet.KnownFlags) != 0,
            HasTimeouts = set.Has(11),
            HasLimits = (set.Has(17) && NftElements.MayEnd(set.Bytes(17), false)) || (set.Has(18) && NftElements.MayEnd(set.Bytes(18), true)),
        };
        table.Sets.Add(made);
        table.SetsByName[name] = made;
    }

    /// <summary>enum nft_set_elem_list_attributes.</summary>
    private void Elements(TableFamily family, ReadOnlySpan<byte> body)
    {
        NftAttributes elements = new(body, NFTA_LAST);
        if (Find(family, elements.Text(1))?.SetsByName.GetValueOrDefault(elements.Text(2)) is not NftSet set)
        {
            Miss($"elements of set {elements.Text(2)} of table {elements.Text(1)}");
            return;
        }

        set.IsIncomplete |= !elements.IsWhole;
        _elements.Read(elements.Bytes(3), set);
    }

    /// <summary>enum nft_rule_attributes.</summary>
    private void Rule(TableFamily family, ReadOnlySpan<byte> body)
    {
        NftAttributes rule = new(body, NFTA_LAST);
        if (Find(family, rule.Text(1)) is not NftTable table || table.ChainsByName.GetValueOrDefault(rule.Text(2)) is not NftChain chain)
        {
            Miss($"a rule of chain {rule.Text(2)} of table {rule.Text(1)}");
            return;
        }

        _registers.Clear();
        RuleDecoder decoder = new(table, _verdicts, _ipsets, _registers);
        decoder.Expressions(rule.Bytes(4));
        if (!rule.IsWhole)
        {
            decoder.Opaque("a rule's attribute that is not known");
        }

        string? comment = Comment(rule.Bytes(7)) ?? decoder.Comment;
        foreach (List<RuleStep> steps in decoder.Finish())
        {
            chain.Rules.Add(new FirewallRule { Handle = rule.Long(3), Steps = [.. steps], Comment = comment });
        }
    }

    /// <summary>libnftnl's udata.h: u8 type, u8 length, value; type 0 (NFTNL_UDATA_RULE_COMMENT) is the comment.</summary>
    private static string? Comment(ReadOnlySpan<byte> userdata)
    {
        while (userdata.Length >= 2 && userdata.Length >= 2 + userdata[1])
        {
            if (userdata[0] == 0)
            {
                return NftAttributes.TextOf(userdata.Slice(2, userdata[1]));
            }

            userdata = userdata[(2 + userdata[1])..];
        }

        return null;
    }

    private NftTable? Find(TableFamily family, string name) => _byName.GetValueOrDefault((family, name));

    private static bool Family(ReadOnlySpan<byte> payload, out TableFamily family)
    {
        family = payload.Length >= NftRequest.HeaderLength ? (TableFamily)payload[0] : default;
        return family is TableFamily.Inet or TableFamily.Ip or TableFamily.Arp or TableFamily.Netdev or TableFamily.Bridge or TableFamily.Ip6;
    }

    private void Miss(string what)
    {
        if (_unread.Count < MostUnread)
        {
            _unread.Add(what);
        }
    }
}
