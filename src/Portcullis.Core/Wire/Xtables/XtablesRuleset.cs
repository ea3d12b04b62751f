using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;

namespace Portcullis.Core.Wire.Xtables;

/// <summary>Decodes the tables of the older iptables into the same nouns as those of nf_tables. Never throws; of a table that is not understood nothing is claimed.</summary>
public static class XtablesRuleset
{
    private const int Hooks = 5; // NF_INET_NUMHOOKS

    private static readonly (HookPoint Point, string Chain)[] Points =
        [(HookPoint.Prerouting, "PREROUTING"), (HookPoint.Input, "INPUT"), (HookPoint.Forward, "FORWARD"), (HookPoint.Output, "OUTPUT"), (HookPoint.Postrouting, "POSTROUTING")];

    /// <summary>The rules that the tables tell of.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="ipsets">The sets that matches may name; null where they are not known. The tables are lent them later.</param>
    public static Ruleset Decode(IEnumerable<LegacyTable> tables, Ipsets? ipsets = null)
    {
        List<FirewallTable> decoded = [];
        List<string> unread = [];
        foreach (LegacyTable told in tables)
        {
            string[] name = told.Name.Split(' ', 2);
            TableFamily family = name[0] == "ip6" ? TableFamily.Ip6 : TableFamily.Ip;
            if (name.Length < 2 || name[0] is not ("ip" or "ip6") || PriorityOf(name[1], HookPoint.Input) is null)
            {
                unread.Add($"table {told.Name} of the older iptables, which is not known");
                continue;
            }

            if (Table(told, family, name[1], ipsets) is not FirewallTable table)
            {
                unread.Add($"table {told.Name} of the older iptables, which is malformed");
                table = Unknown(family, name[1]);
            }

            decoded.Add(table);
        }

        return new Ruleset { Tables = [.. decoded], Unread = [.. unread] };
    }

    private static FirewallTable? Table(LegacyTable told, TableFamily family, string name, Ipsets? ipsets)
    {
        ReadOnlySpan<byte> info = told.Info.Span;
        ReadOnlySpan<byte> entries = told.Entries.Span;
        if (info.Length < XtablesRequest.InfoLength || entries.Length < XtablesRequest.EntriesOffset
            || entries.Length - XtablesRequest.EntriesOffset != XtablesRequest.SizeIn(info))
        {
            return null;
        }

        entries = entries[XtablesRequest.EntriesOffset..];
        Dictionary<int, int> hooks = HooksIn(info);
        ChainList list = new();
        if (!Heads(entries, family, out Dictionary<int, string> chains, out int last) || !Walk(info, entries[..last], hooks, name, new EntryRules(family, chains, ipsets), family, list))
        {
            return null;
        }

        return list.Finish() && hooks.Count == 0 && list.AreDistinct ? new FirewallTable { Family = family, Name = name, Chains = [.. list.Ended] } : null;
    }

    /// <summary>Goes through the entries before the closing one; false where one is not in its place.</summary>
    private static bool Walk(ReadOnlySpan<byte> info, ReadOnlySpan<byte> entries, Dictionary<int, int> hooks, string table, EntryRules decoder, TableFamily family, ChainList list)
    {
        int underflow = -1;
        int at = 0;
        for (int offset = 0; offset < entries.Length;)
        {
            _ = XtEntry.TryRead(entries, offset, family, out XtEntry entry);
            if (hooks.Remove(offset, out int hook))
            {
                if (!list.Begin(Points[hook].Chain, isBuiltIn: true))
                {
                    return false;
                }

                (at, underflow) = (hook, Underflow(info, hook));
            }

            bool isRight = true;
            if (offset == underflow)
            {
                isRight = Policy(entry) is not null && list.IsOpen;
                underflow = -1;
                if (isRight)
                {
                    list.End(HookOf(table, at, Policy(entry) == true));
                }
            }
            else if (entry.ChainName is string chain)
            {
                isRight = list.Begin(chain, isBuiltIn: false);
            }
            else if (!list.IsOpen)
            {
                isRight = false;
            }
            else if (!IsEnd(entry) || (entry.Next < entries.Length && !IsHead(entries, entry.Next, family)))
            {
                list.Add(decoder.Decode(entry, list.NextNumber));
            }

            if (!isRight)
            {
                return false;
            }

            offset = entry.Next;
        }

        return true;
    }

    /// <summary>The hooks by the offset at which their chain begins; one at an impossible offset stays there, and is missed later.</summary>
    private static Dictionary<int, int> HooksIn(ReadOnlySpan<byte> info)
    {
        uint valid = BitConverter.ToUInt32(info[XtablesRequest.ValidHooksAt..]);
        Dictionary<int, int> hooks = [];
        for (int hook = 0; hook < Hooks; hook++)
        {
            if (((valid >> hook) & 1) != 0 && !hooks.TryAdd(BitConverter.ToInt32(info[(XtablesRequest.HookEntryAt + (4 * hook))..]), hook))
            {
                hooks[-1] = hook;
            }
        }

        return hooks;
    }

    private static int Underflow(ReadOnlySpan<byte> info, int hook) => BitConverter.ToInt32(info[(XtablesRequest.UnderflowAt + (4 * hook))..]);

    /// <summary>Goes through all entries once: where the users' chains begin, and where the closing entry does; false where one is malformed.</summary>
    private static bool Heads(ReadOnlySpan<byte> entries, TableFamily family, out Dictionary<int, string> chains, out int last)
    {
        chains = [];
        last = 0;
        for (int offset = 0; offset < entries.Length;)
        {
            if (!XtEntry.TryRead(entries, offset, family, out XtEntry entry))
            {
                return false;
            }

            if (entry.ChainName is string name && entry.Next < entries.Length)
            {
                chains[entry.Next] = name;
            }

            last = offset;
            offset = entry.Next;
        }

        return XtEntry.TryRead(entries, last, family, out XtEntry closing) && closing.ChainName is not null;
    }

    private static bool IsHead(ReadOnlySpan<byte> entries, int offset, TableFamily family) => XtEntry.TryRead(entries, offset, family, out XtEntry entry) && entry.ChainName is not null;

    /// <summary>What iptables puts behind the last rule of a user's chain, and shows to nobody.</summary>
    private static bool IsEnd(XtEntry entry) => entry.Verdict == -5 && entry.IsUnconditional;

    /// <summary>Whether it drops; null where it is no policy.</summary>
    private static bool? Policy(XtEntry entry) => !entry.IsUnconditional ? null : entry.Verdict switch { -1 => true, -2 => false, _ => null };

    private static BaseHook HookOf(string table, int hook, bool drops)
    {
        HookPoint point = Points[hook].Point;
        string type = table == "nat" ? "nat" : table == "mangle" && point == HookPoint.Output ? "route" : "filter";
        return new BaseHook(point, PriorityOf(table, point) ?? 0, type, drops, []);
    }

    /// <summary>NF_IP_PRI_ of linux/netfilter_ipv4.h; null for a table that is none of the kernel's. (iptable_raw can be told to come earlier, at -450; that is not seen.)</summary>
    private static int? PriorityOf(string table, HookPoint point) => table switch
    {
        "raw" => -300,
        "mangle" => -150,
        "nat" => point is HookPoint.Prerouting or HookPoint.Output ? -100 : 100,
        "filter" => 0,
        "security" => 50,
        _ => null,
    };

    /// <summary>A table that may do anything.</summary>
    private static FirewallTable Unknown(TableFamily family, string name) => new()
    {
        Family = family,
        Name = name,
        Chains =
        [
            .. Enumerable.Range(0, Hooks).Select(hook => new FirewallChain
            {
                Name = Points[hook].Chain,
                Hook = HookOf(name, hook, drops: false),
                Rules = [new FirewallRule { Steps = [new OpaqueStep("a table that could not be read")] }],
            }),
        ],
    };
}
