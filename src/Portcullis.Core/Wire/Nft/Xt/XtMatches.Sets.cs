using System;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;
using Portcullis.Core.Wire.Nft.Fields;

namespace Portcullis.Core.Wire.Nft.Xt;

/// <content>The match that asks whether a set of ipset(8) holds a packet.</content>
internal static partial class XtMatches
{
    /// <summary>
    /// struct xt_set_info: u16 number, u8 dimensions, u8 flags (1: not; 2, 4, 8: the part is of the source; 128: exceptions match). Revisions 3
    /// and 4 go on with two counters to compare with, whose operator is 0 for none, and flags of which 128 says the same.
    /// </summary>
    private static bool Set(ref XtReader match)
    {
        const byte Not = 1;
        const uint ReturnNomatch = 1 << 7;
        bool hasCounters = match.Revision >= 3;
        if (!match.Has(hasCounters ? 44 : 4))
        {
            return false;
        }

        byte flags = match.U8(3);
        int first = match.Revision == 3 ? 8 : 16;
        bool isPlain = (flags & ReturnNomatch) == 0 && (!hasCounters || (match.U8(first), match.U8(first + 16), match.U32(40) & ReturnNomatch) == (0, 0, 0));
        bool isNegated = (flags & Not) != 0;
        if (isPlain && match.Ipsets?.Find(match.U16(0), match.Family, out IpsetKind kind, out bool isOther) is FirewallSet set
            && match.AddressLength > 0 && !(isNegated && HasInterface(kind)))
        {
            // A rule that says too little of where to look, or a set of the other version of IP: no packet is in it.
            return match.Add(isOther || match.U8(2) < kind.Dimensions
                ? new MatchStep(new Operand(Steps.Meta("l4proto", 1)), [], isNegated)
                : new LookupStep(KeyOf(ref match, kind, flags), set.Name, isNegated));
        }

        string parts = "";
        for (int part = 1; part <= Math.Min((int)match.U8(2), 6); part++)
        {
            parts += ((flags >> part) & 1) != 0 ? " src" : " dst";
        }

        string name = match.Ipsets?.NameOf(match.U16(0)) ?? string.Create(CultureInfo.InvariantCulture, $"#{match.U16(0)}");
        return match.Add(new ChanceStep($"{(isNegated ? "not " : "")}in ipset {name}{parts}", isPlain));
    }

    /// <summary>Where there is no interface, as before a packet has been routed, no packet is in such a set, and a negation holds; a lookup would end the rule.</summary>
    private static bool HasInterface(IpsetKind kind)
    {
        foreach ((IpsetPart part, int _) in kind.Parts)
        {
            if (part == IpsetPart.Interface)
            {
                return true;
            }
        }

        return false;
    }

    private static ImmutableArray<Operand> KeyOf(ref XtReader match, IpsetKind kind, byte flags)
    {
        int address = match.AddressLength;
        int source = match.IsV6 ? 8 : 12;
        ImmutableArray<Operand>.Builder key = ImmutableArray.CreateBuilder<Operand>(kind.Parts.Length);
        foreach ((IpsetPart part, int dimension) in kind.Parts)
        {
            bool isSource = ((flags >> dimension) & 1) != 0;
            key.Add(new Operand(part switch
            {
                IpsetPart.Address => Steps.Network(isSource ? source : source + address, address),
                IpsetPart.Port => Steps.Transport(isSource ? 0 : 2, 2),
                IpsetPart.Protocol => Steps.Meta("l4proto", 1),
                IpsetPart.Interface => Steps.Meta(isSource ? "iifname" : "oifname", 16),
                _ => Steps.Meta("mark", 4),
            }));
        }

        return key.MoveToImmutable();
    }
}
