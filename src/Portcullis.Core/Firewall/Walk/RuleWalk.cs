using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>Takes one packet through the chains of a table, rule by rule and step by step (nft_do_chain in nf_tables_core.c).</summary>
internal sealed class RuleWalk(FirewallTable table, WalkingPacket packet, PacketEyes eyes, WalkLog log, Arrival arrival)
{
    private const int MostDepth = 64; // NFT_JUMP_STACK_SIZE is 16: the kernel loads nothing deeper

    /// <summary>Walks a chain.</summary>
    internal WalkEnd Chain(FirewallChain chain, int depth)
    {
        if (depth > MostDepth)
        {
            log.Decide(new RulePlace(table, chain, null), "goes in circles");
            return WalkEnd.Unknown;
        }

        foreach (FirewallRule rule in chain.Rules)
        {
            WalkEnd end = Rule(new RulePlace(table, chain, rule), rule, depth);
            if (end != WalkEnd.On)
            {
                return end;
            }
        }

        return WalkEnd.On;
    }

    private WalkEnd Rule(RulePlace place, FirewallRule rule, int depth)
    {
        for (int at = 0; at < rule.Steps.Length; at++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{table.Family} {table.Name} {place.Chain.Name} {place.Chain.Rules.IndexOf(rule)} {at}");
            if (rule.Steps[at] is VerdictStep verdict)
            {
                return Verdict(place, verdict.Verdict, depth);
            }

            if (rule.Steps[at] is VerdictMapStep map)
            {
                return VerdictMap(place, map, key, depth);
            }

            if (rule.Steps[at] is TranslateStep { Kind: not TranslationKind.TransparentProxy } translate && IsMine(translate))
            {
                return Translate(place, translate, key);
            }

            if (rule.Steps[at] is OpaqueStep opaque)
            {
                log.Decide(place, opaque.Text);
                return WalkEnd.Unknown;
            }

            if (!Holds(place, rule.Steps[at], key))
            {
                return WalkEnd.On;
            }
        }

        return WalkEnd.On;
    }

    private bool Holds(RulePlace place, RuleStep step, string key) => step switch
    {
        MatchStep match => Match(place, match),
        LookupStep lookup => Lookup(place, lookup, key),
        ChanceStep chance => log.Ask(place, chance.IsStable ? "stable " + chance.Text : key + chance.Text, chance.Text),
        AssignStep assign => Assign(place, assign, key),
        NotrackStep => Untrack(place),
        // nft_tproxy.c: goes on where a socket takes the packet, which stays as it is.
        TranslateStep { Kind: TranslationKind.TransparentProxy } proxy => log.Ask(place, key, "whether a socket is there for " + RuleText.Of(proxy)),
        _ => true,
    };

    private bool Match(RulePlace place, MatchStep match)
    {
        FieldValue value = eyes.Read(match.Operand);
        if (value.IsMissing)
        {
            return false;
        }

        if (value.Bytes is not byte[] bytes)
        {
            string text = $"{FieldText.Of(match.Operand)} {RuleText.Ranges(match.Operand, match.Ranges)}";
            string ranges = string.Join(',', match.Ranges.Select(one => FieldText.Hex(one.First) + "-" + FieldText.Hex(one.Last)));
            return log.Ask(place, string.Create(CultureInfo.InvariantCulture, $"match {FieldText.Of(match.Operand)} {ranges} {value.Stamp}"), text) != match.Negated;
        }

        bool isIn = match.Ranges.Any(range =>
            bytes.AsSpan(0, Math.Min(bytes.Length, range.First.Length)).SequenceCompareTo(range.First.AsSpan()) >= 0
            && bytes.AsSpan(0, Math.Min(bytes.Length, range.Last.Length)).SequenceCompareTo(range.Last.AsSpan()) <= 0);
        return isIn != match.Negated;
    }

    private bool Lookup(RulePlace place, LookupStep step, string key)
    {
        FirewallSet? set = SetOf(step.Set);
        return Key(step.Key) switch
        {
            null => false,
            { } parts when parts.Any(part => part.Bytes is null) => log.Ask(place, string.Join(' ', parts.Select(part => part.Stamp).Prepend(0)) + KeyText(step.Key, step.Set), KeyText(step.Key, step.Set)) != step.Negated,
            _ when set is null || set.IsDynamic => log.Ask(place, key, KeyText(step.Key, step.Set)) != step.Negated,
            _ when SetView.IsMoving(set) => log.Ask(place, $"{table.Family} {table.Name} {KeyText(step.Key, step.Set)}", KeyText(step.Key, step.Set)) != step.Negated,
            { } parts => Find(place, key, set!, step.Key, parts) >= 0 != step.Negated,
        };
    }

    private WalkEnd VerdictMap(RulePlace place, VerdictMapStep step, string key, int depth)
    {
        FirewallSet? map = SetOf(step.Map);
        FieldValue[]? parts = Key(step.Key);
        if (parts is null)
        {
            return WalkEnd.On;
        }

        if (map is null || map.Verdicts.Length < map.Count || !SetView.Fits(map, LengthsOf(step.Key))
            || (SetView.IsMoving(map) && !log.Ask(place, key, KeyText(step.Key, step.Map))))
        {
            log.Decide(place, KeyText(step.Key, step.Map));
            return WalkEnd.Unknown;
        }

        int element = Find(place, key, map, step.Key, parts);
        return element < 0 ? WalkEnd.On : Verdict(place, map.Verdicts[element], depth);
    }

    private WalkEnd Verdict(RulePlace place, RuleVerdict verdict, int depth)
    {
        log.Add(place, RuleText.Of(verdict));
        switch (verdict.Kind)
        {
            case VerdictKind.Continue:
                return WalkEnd.On;
            case VerdictKind.Accept:
                log.Decide(place);
                return WalkEnd.Accept;
            case VerdictKind.Drop:
                log.Decide(place);
                return WalkEnd.Drop;
            case VerdictKind.Reject:
                log.Decide(place);
                return WalkEnd.Reject;
            case VerdictKind.Return:
                return WalkEnd.Back;
            case VerdictKind.Jump or VerdictKind.Goto when table.Chains.FirstOrDefault(one => one.Name == verdict.Chain) is FirewallChain chain:
                WalkEnd end = Chain(chain, depth + 1);
                return end is not (WalkEnd.On or WalkEnd.Back) ? end : verdict.Kind == VerdictKind.Jump ? WalkEnd.On : WalkEnd.Back;
            default:
                log.Decide(place);
                return WalkEnd.Unknown;
        }
    }

    private bool Untrack(RulePlace place)
    {
        packet.Untrack();
        log.Add(place, "notrack");
        return true;
    }

    private bool Assign(RulePlace place, AssignStep step, string key)
    {
        if (!TryValue(place, step.Value, key, step.Field.Length, out byte[]? value))
        {
            return false;
        }

        switch (step.Field)
        {
            case { Source: FieldSource.NetworkHeader or FieldSource.TransportHeader }:
                packet.Write(step.Field.Source == FieldSource.TransportHeader, step.Field.Offset, step.Field.Length, value);
                break;
            case { Source: FieldSource.Meta, Name: "mark" }:
                packet.SetMark(value);
                break;
            case { Source: FieldSource.Connection, Name: "mark" }:
                if (packet.Connection == ConnectionView.New) // nft_ct_set_eval: without a connection nothing is set
                {
                    packet.SetConnectionMark(value);
                }

                break;
            default:
                packet.Note(FieldText.Of(step.Field));
                break;
        }

        log.Add(place, $"{FieldText.Of(step.Field)} becomes {(value is null ? "something that cannot be foreseen" : "0x" + FieldText.Hex([.. value]))}");
        return true;
    }

    /// <summary>Finds the value that a rule writes: null for one that cannot be foreseen. False where there is none, and so the rule does not hold.</summary>
    private bool TryValue(RulePlace place, ValueSource? source, string key, int length, out byte[]? value)
    {
        value = null;
        switch (source)
        {
            case ConstantValue constant:
                value = constant.First.AsSpan().SequenceEqual(constant.Last.AsSpan()) ? [.. constant.First] : null;
                return true;
            case ComputedValue computed:
                FieldValue read = eyes.Read(computed.Operand);
                value = read.Bytes?.Length == length ? read.Bytes : null;
                return !read.IsMissing;
            case MappedValue mapped:
                return TryMapped(place, mapped, key, out value);
            default:
                return true;
        }
    }

    private bool TryMapped(RulePlace place, MappedValue mapped, string key, out byte[]? value)
    {
        value = null;
        FirewallSet? map = SetOf(mapped.Map);
        FieldValue[]? parts = Key(mapped.Key);
        if (parts is null)
        {
            return false;
        }

        if (map is null || map.DataLength == 0 || SetView.IsMoving(map) || !SetView.Fits(map, LengthsOf(mapped.Key)))
        {
            return log.Ask(place, key + " " + mapped.Map, KeyText(mapped.Key, mapped.Map));
        }

        int element = Find(place, key, map, mapped.Key, parts);
        int from = (element * map.DataLength) + mapped.Offset;
        value = element >= 0 && from + mapped.Length <= map.Data.Length ? [.. map.Data.AsSpan(from, mapped.Length)] : null;
        return element >= 0;
    }

    /// <summary>Whether a translation is meant for the packet's version; nft_nat_inet_eval takes no notice of others.</summary>
    private bool IsMine(TranslateStep step)
    {
        int own = packet.Sent.Network.Length == 20 ? 4 : 16;
        return step.Address switch
        {
            ConstantValue constant => constant.First.Length == own,
            MappedValue mapped => mapped.Length == own,
            ComputedValue computed => computed.Operand.Field.Length == own,
            _ => true,
        };
    }

    private WalkEnd Translate(RulePlace place, TranslateStep step, string key)
    {
        bool isSource = step.Kind is TranslationKind.Source or TranslationKind.Masquerade;
        bool isV4 = packet.Sent.Network.Length == 20;
        byte[]? address = null;
        byte[]? port = null;
        if ((step.Address is not null && !TryValue(place, step.Address, key + " address", isV4 ? 4 : 16, out address))
            || (step.Port is not null && !TryValue(place, step.Port, key + " address", 2, out port)))
        {
            return WalkEnd.On;
        }

        bool isOwn = step.Kind == TranslationKind.Redirect;
        byte[]? before = Destination();
        if (isOwn)
        {
            address = OwnAddress();
        }

        if (step.Address is not null || isOwn || step.Kind == TranslationKind.Masquerade)
        {
            packet.Write(false, (isV4 ? 12 : 8) + (isSource ? 0 : isV4 ? 4 : 16), isV4 ? 4 : 16, address);
        }

        packet.IsForThisHost |= isOwn;
        if (step.Port is not null && arrival.HasPorts)
        {
            packet.Write(true, isSource ? 0 : 2, 2, port);
        }

        if (!isSource)
        {
            byte[]? after = Destination(); // nf_nat_setup_info: what is translated to itself has not moved
            packet.HasMoved = before is null || after is null ? null : !before.AsSpan().SequenceEqual(after);
        }

        packet.IsSourceTranslated |= isSource;
        packet.IsDestinationTranslated |= !isSource;
        log.Add(place, RuleText.Of(step));
        log.Decide(place);
        return WalkEnd.Accept;
    }

    /// <summary>Destination address and port; null where they are not known.</summary>
    private byte[]? Destination()
    {
        int length = packet.Sent.Network.Length == 20 ? 4 : 16;
        byte[]? address = packet.Read(false, length == 4 ? 16 : 24, length, "").Bytes;
        byte[]? port = arrival.HasPorts ? packet.Read(true, 2, 2, "").Bytes : [];
        return address is null || port is null ? null : [.. address, .. port];
    }

    /// <summary>What a redirection leads to: the first address of the interface, which is only known where it has just one (nf_nat_redirect.c).</summary>
    private byte[]? OwnAddress()
    {
        int wanted = packet.Sent.Network.Length == 20 ? 4 : 16;
        byte[][] own = [.. arrival.Interface.Addresses.Select(AddressRanges.BytesOf).Where(one => one.Length == wanted)];
        return own.Length == 1 ? own[0] : null;
    }

    private FirewallSet? SetOf(string name) => table.Sets.FirstOrDefault(set => set.Name == name);

    /// <summary>The parts of a key; null where the packet has not all of them.</summary>
    private FieldValue[]? Key(ImmutableArray<Operand> key)
    {
        FieldValue[] parts = [.. key.Select(eyes.Read)];
        return parts.Any(part => part.IsMissing) ? null : parts;
    }

    private int Find(RulePlace place, string step, FirewallSet set, ImmutableArray<Operand> key, FieldValue[] parts) => SetView.Find(
        set, parts, LengthsOf(key), element => log.Ask(place, string.Create(CultureInfo.InvariantCulture, $"{step} element {element}"), KeyText(key, set.Name)));

    private static int[] LengthsOf(ImmutableArray<Operand> key) => [.. key.Select(part => part.Field.Length)];

    private static string KeyText(ImmutableArray<Operand> key, string set) => $"{string.Join(" . ", key.Select(FieldText.Of))} in @{set}";
}
