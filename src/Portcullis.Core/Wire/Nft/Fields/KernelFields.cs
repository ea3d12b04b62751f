namespace Portcullis.Core.Wire.Nft.Fields;

/// <summary>
/// The keys of "meta" and "ct" by number (enum nft_meta_keys and nft_ct_keys of linux/netfilter/nf_tables.h), with the sizes and
/// byte orders in which nft_meta_get_eval and nft_ct_get_eval store them.
/// </summary>
internal static class KernelFields
{
    private static readonly KernelField?[] MetaKeys =
    [
        Number("length", 4), Bytes("protocol", 2), Number("priority", 4), Number("mark", 4), Number("iif", 4), Number("oif", 4),
        Bytes("iifname", 16), Bytes("oifname", 16), Number("iiftype", 2), Number("oiftype", 2), Number("skuid", 4), Number("skgid", 4),
        Bytes("nftrace", 1), Number("rtclassid", 4), Number("secmark", 4), Bytes("nfproto", 1), Bytes("l4proto", 1), Bytes("ibrname", 16),
        Bytes("obrname", 16), Bytes("pkttype", 1), Number("cpu", 4), Number("iifgroup", 4), Number("oifgroup", 4), Number("cgroup", 4),
        Number("random", 4), Bytes("ipsec", 1), Bytes("iifkind", 16), Bytes("oifkind", 16), Number("ibrpvid", 2), Bytes("ibrvproto", 2),
        Number("time", 8), Bytes("day", 1), Number("hour", 4), Number("sdif", 4), Bytes("sdifname", 16), Bytes("broute", 1),
    ];

    private static readonly KernelField?[] ConnectionKeys =
    [
        Number("state", 4), Bytes("direction", 1), Number("status", 4), Number("mark", 4), Number("secmark", 4), Number("expiration", 4),
        Bytes("helper", 16), Bytes("l3proto", 1), Bytes("saddr", 16), Bytes("daddr", 16), Bytes("protocol", 1), Bytes("proto-src", 2),
        Bytes("proto-dst", 2), Number("label", 16), Number("packets", 8), Number("bytes", 8), Number("avgpkt", 8), Number("zone", 2),
        Number("event", 4), Bytes("ip saddr", 4), Bytes("ip daddr", 4), Bytes("ip6 saddr", 16), Bytes("ip6 daddr", 16), Bytes("id", 4),
    ];

    /// <summary>The key of that number; null where it is not known.</summary>
    internal static KernelField? Meta(uint key) => key < MetaKeys.Length ? MetaKeys[key] : null;

    /// <summary>The key of that number; null where it is not known.</summary>
    internal static KernelField? Connection(uint key) => key < ConnectionKeys.Length ? ConnectionKeys[key] : null;

    private static KernelField Number(string name, int length) => new(name, length, true);

    private static KernelField Bytes(string name, int length) => new(name, length, false);
}
