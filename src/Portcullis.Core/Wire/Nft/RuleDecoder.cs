using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;
using Portcullis.Core.Wire.Nft.Xt;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// Decodes one rule: follows what its expressions put into the registers, and makes steps out of what they do with it. What can't be told
/// by a step exactly becomes an <see cref="OpaqueStep"/>.
/// </summary>
/// <remarks>Attribute numbers are those of linux/netfilter/nf_tables.h, named in each method's summary.</remarks>
internal sealed partial class RuleDecoder(NftTable table, NftVerdict verdicts, Ipsets? ipsets, RegisterFile registers)
{
    private const int NFTA_LIST_ELEM = 1;
    private const int MostSteps = 4096;

    private readonly RegisterFile _registers = registers;
    private readonly List<RuleStep> _steps = [];
    private readonly List<(MapRegister Map, int Before)> _maps = [];
    private (int At, RuleStep Other)? _alternative;
    private RuleVerdict[] _choices = [];
    private TranslateStep? _proxy;

    /// <summary>The comment that iptables wrote as a match; null for none.</summary>
    internal string? Comment { get; private set; }

    internal void Opaque(string text) => _steps.Add(new OpaqueStep(text));

    /// <summary>Decodes the expressions in NFTA_RULE_EXPRESSIONS.</summary>
    internal void Expressions(ReadOnlySpan<byte> list)
    {
        NetlinkAttributes each = new(list);
        while (each.Next() && _steps.Count < MostSteps)
        {
            NftAttributes expression = new(each.Value, 2); // NFTA_EXPR_NAME, NFTA_EXPR_DATA
            if (each.Type != NFTA_LIST_ELEM || !expression.IsWhole || !expression.Has(1))
            {
                Opaque("a malformed expression");
                continue;
            }

            Expression(expression.Text(1), expression.Bytes(2));
        }

        if (each.Malformed || _steps.Count >= MostSteps)
        {
            Opaque("the rest of the rule, which is malformed");
        }
    }

    /// <summary>The steps; of a rule that holds in either of two cases, as two rules that are never both taken.</summary>
    internal List<List<RuleStep>> Finish()
    {
        SettleProxy();
        if (_choices.Length > 0 && _steps is not [.., ChanceStep])
        {
            // Something stands behind the map whose verdict is not foreseen.
            _choices = [];
            Opaque("a verdict of a map");
        }

        for (int at = _maps.Count - 1; at >= 0; at--)
        {
            (MapRegister map, int before) = _maps[at];
            if (!map.IsSaid)
            {
                _steps.Insert(before, new LookupStep(map.Key, map.Map.Name, false));
                _alternative = _alternative is (int, RuleStep) other && other.Item1 >= before ? (other.Item1 + 1, other.Item2) : _alternative;
            }
        }

        if (_choices.Length > 0)
        {
            return _alternative is null ? [.. _choices.Select(choice => (List<RuleStep>)[.. _steps, new VerdictStep(choice)])] : [[.. _steps, new OpaqueStep("a verdict of a map")]];
        }

        if (_alternative is not (int first, RuleStep second))
        {
            return [_steps];
        }

        List<RuleStep> otherwise = [.. _steps[..first], Negate(_steps[first]), second, .. _steps[(first + 1)..]];
        return [_steps, otherwise];
    }

    private static MatchStep Negate(RuleStep step) => (MatchStep)step with { Negated = !((MatchStep)step).Negated };

    private void Expression(string name, ReadOnlySpan<byte> data)
    {
        bool isKnown = name switch
        {
            "payload" => Payload(data),
            "meta" => Meta(data),
            "ct" => Connection(data),
            "fib" => Fib(data),
            "exthdr" => ExtensionHeader(data),
            "rt" => Routing(data),
            "socket" => Socket(data),
            "xfrm" => Transform(data),
            "tunnel" => Tunnel(data),
            "osf" => Fingerprint(data),
            "numgen" => NumberGenerator(data),
            "hash" => Hash(data),
            "bitwise" => Bitwise(data),
            "byteorder" => ByteOrder(data),
            "cmp" => Compare(data),
            "range" => InRange(data),
            "lookup" => Lookup(data),
            "immediate" => Immediate(data),
            "match" => XtMatch(data),
            "target" => XtTarget(data),
            _ => IsAction(name, data),
        };
        if (!isKnown)
        {
            Opaque($"expression \"{name}\" in a form that is not known");
            _registers.Clear();
        }
    }

    private bool IsAction(string name, ReadOnlySpan<byte> data) => name switch
    {
        "counter" => Remark("counter"),
        "last" => Remark("last"),
        "log" => Log(data),
        "notrack" => Add(new NotrackStep()),
        "reject" => Reject(data),
        "queue" => Queue(data),
        "nat" => Translate(data),
        "masq" => Masquerade(data),
        "redir" => Redirect(data),
        "tproxy" => Proxy(data),
        "limit" => Limit(data),
        "connlimit" => ConnectionLimit(data),
        "quota" => Quota(data),
        "dynset" => DynamicSet(data),
        "objref" => ObjectReference(data),
        "flow_offload" => Chance("flow add", false), // ends the rule where the connection is not established yet
        "dup" => Remark("dup"),
        "fwd" => Add(new VerdictStep(new RuleVerdict(VerdictKind.Stolen))),
        "synproxy" => Synproxy(),
        _ => false,
    };

    private bool Add(RuleStep step)
    {
        _steps.Add(step);
        return true;
    }

    private bool Remark(string text) => Add(new RemarkStep(text));

    private bool Chance(string text, bool isStable) => Add(new ChanceStep(text, isStable));

    /// <summary>NFTA_MATCH_NAME, REV, INFO of linux/netfilter/nf_tables_compat.h.</summary>
    private bool XtMatch(ReadOnlySpan<byte> data)
    {
        NftAttributes match = new(data, 3);
        XtReader reader = new(match.Text(1), match.Number(2) ?? 0, match.Bytes(3), table.Family, ipsets);
        if (!match.IsWhole || !XtMatches.Decode(ref reader))
        {
            return Add(new OpaqueStep(Xt("match", match.Text(1), match.Number(2))));
        }

        Comment ??= reader.Comment;
        if (reader.Alternative is not null && (_alternative is not null || reader.Steps is not [.., MatchStep]))
        {
            return Add(new OpaqueStep(Xt("match", match.Text(1), match.Number(2))));
        }

        _steps.AddRange(reader.Steps);
        _alternative = reader.Alternative is RuleStep other ? (_steps.Count - 1, other) : _alternative;
        return true;
    }

    /// <summary>NFTA_TARGET_NAME, REV, INFO of linux/netfilter/nf_tables_compat.h.</summary>
    private bool XtTarget(ReadOnlySpan<byte> data)
    {
        NftAttributes target = new(data, 3);
        XtReader reader = new(target.Text(1), target.Number(2) ?? 0, target.Bytes(3), table.Family, ipsets);
        if (!target.IsWhole || !XtTargets.Decode(ref reader))
        {
            return Add(new OpaqueStep(Xt("target", target.Text(1), target.Number(2))));
        }

        _steps.AddRange(reader.Steps);
        return true;
    }

    private static string Xt(string kind, string name, uint? revision) =>
        string.Create(CultureInfo.InvariantCulture, $"xt {kind} {name} revision {revision ?? 0}");

    /// <summary>
    /// nft_tproxy gives the packet to a socket, or ends the rule where none listens, and then goes on with the rule: only where that ends
    /// in an accept is it what the model calls a translation.
    /// </summary>
    private void SettleProxy()
    {
        if (_proxy is null)
        {
            return;
        }

        if (_steps is [.., VerdictStep { Verdict.Kind: VerdictKind.Accept }])
        {
            _steps[^1] = _proxy;
        }
        else
        {
            Opaque("tproxy without an accept");
        }
    }
}
