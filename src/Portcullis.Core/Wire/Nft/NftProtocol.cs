using System;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Finds the protocol that a rule compares, for the extensions of iptables in it.</summary>
internal static class NftProtocol
{
    private const uint NFT_META_L4PROTO = 16;
    private const uint NFT_PAYLOAD_NETWORK_HEADER = 1;
    private const uint ProtocolOf4 = 9; // RFC 791, 3.1
    private const uint NextHeaderOf6 = 6; // RFC 8200, 3

    /// <summary>The protocol's number; null where the rule has no such extension, or compares no protocol.</summary>
    /// <param name="expressions">The value of NFTA_RULE_EXPRESSIONS.</param>
    internal static byte? OfExtension(ReadOnlySpan<byte> expressions)
    {
        bool isLoaded = false;
        byte? protocol = null;
        bool hasExtension = false;
        NetlinkAttributes list = new(expressions);
        while (list.Next())
        {
            NftAttributes expression = new(list.Value, 2); // NFTA_EXPR_NAME, NFTA_EXPR_DATA
            NftAttributes data = new(expression.Bytes(2), 8);
            switch (expression.Text(1))
            {
                case "match" or "target":
                    hasExtension = true;
                    break;
                case "meta":
                    isLoaded = data.Number(2) == NFT_META_L4PROTO; // NFTA_META_KEY
                    break;
                case "payload":
                    isLoaded = data.Number(2) == NFT_PAYLOAD_NETWORK_HEADER && data.Number(3) is ProtocolOf4 or NextHeaderOf6 && data.Number(4) == 1; // BASE, OFFSET, LEN
                    break;
                case "cmp" when isLoaded && data.Number(2) == 0 && data.Value(3) is [byte compared, ..]: // NFT_CMP_EQ
                    protocol ??= compared;
                    isLoaded = false;
                    break;
                default:
                    isLoaded = false;
                    break;
            }
        }

        return hasExtension ? protocol : null;
    }
}
