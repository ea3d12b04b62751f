using System.Buffers.Binary;
using System;
using System.Collections.Generic;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Decodes verdicts (enum nft_verdicts of linux/netfilter/nf_tables.h, NF_ constants of linux/netfilter.h); each is made once.</summary>
internal sealed class NftVerdict
{
    private const int NFTA_DATA_VERDICT = 2;
    private const int NFTA_VERDICT_CODE = 1;
    private const int NFTA_VERDICT_CHAIN = 2;
    private const int MaskOfKind = 0xff; // NF_VERDICT_MASK

    private static readonly RuleVerdict Accept = new(VerdictKind.Accept);
    private static readonly RuleVerdict Drop = new(VerdictKind.Drop);
    private static readonly RuleVerdict Queue = new(VerdictKind.Queue);
    private static readonly RuleVerdict Stolen = new(VerdictKind.Stolen);
    private static readonly RuleVerdict Return = new(VerdictKind.Return);
    private static readonly RuleVerdict Continue = new(VerdictKind.Continue);

    private readonly Dictionary<(VerdictKind Kind, string Chain), RuleVerdict> _jumps = [];

    /// <summary>The verdict in the value of an NFTA_..._DATA attribute; null where it is not one that is known.</summary>
    internal RuleVerdict? In(ReadOnlySpan<byte> data)
    {
        NetlinkAttributes outer = new(data);
        while (outer.Next())
        {
            if (outer.Type == NFTA_DATA_VERDICT)
            {
                return Of(outer.Value);
            }
        }

        return null;
    }

    private RuleVerdict? Of(ReadOnlySpan<byte> verdict)
    {
        int? code = null;
        string chain = "";
        NetlinkAttributes attributes = new(verdict);
        while (attributes.Next())
        {
            if (attributes.Type == NFTA_VERDICT_CODE && attributes.Value.Length >= sizeof(int))
            {
                code = BinaryPrimitives.ReadInt32BigEndian(attributes.Value);
            }
            else if (attributes.Type == NFTA_VERDICT_CHAIN)
            {
                chain = NftAttributes.TextOf(attributes.Value);
            }
        }

        return code switch
        {
            -1 or -2 => Continue, // NFT_CONTINUE, NFT_BREAK: both go on with the next rule
            -3 => Jump(VerdictKind.Jump, chain),
            -4 => Jump(VerdictKind.Goto, chain),
            -5 => Return,
            >= 0 => (code & MaskOfKind) switch { 0 => Drop, 1 => Accept, 2 => Stolen, 3 => Queue, _ => null },
            _ => null,
        };
    }

    private RuleVerdict? Jump(VerdictKind kind, string chain)
    {
        if (chain.Length == 0)
        {
            return null;
        }

        if (!_jumps.TryGetValue((kind, chain), out RuleVerdict? jump))
        {
            _jumps[(kind, chain)] = jump = new RuleVerdict(kind, chain);
        }

        return jump;
    }
}
