using System;
using System.Collections.Generic;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Decodes where a base chain hangs (enum nft_hook_attributes of linux/netfilter/nf_tables.h).</summary>
internal static class NftHook
{
    private const int NFTA_HOOK_HOOKNUM = 1;
    private const int NFTA_HOOK_PRIORITY = 2;
    private const int NFTA_HOOK_DEV = 3;
    private const int NFTA_HOOK_DEVS = 4;
    private const int NFTA_DEVICE_NAME = 1;
    private const int NFTA_DEVICE_PREFIX = 2; // since Linux 6.16

    /// <summary>The hook; null where it is none that is known.</summary>
    /// <param name="family">The family of the table.</param>
    /// <param name="attributes">NFTA_CHAIN_HOOK.</param>
    /// <param name="policy">NFTA_CHAIN_POLICY: 0 drops, 1 accepts; null for none.</param>
    /// <param name="type">NFTA_CHAIN_TYPE.</param>
    internal static BaseHook? Decode(TableFamily family, ReadOnlySpan<byte> attributes, uint? policy, string type)
    {
        NftAttributes hook = new(attributes, NFTA_HOOK_DEVS);
        if (!hook.IsWhole || hook.Number(NFTA_HOOK_HOOKNUM) is not uint number || hook.Number(NFTA_HOOK_PRIORITY) is not uint priority
            || PointOf(family, number) is not HookPoint point || type is not ("filter" or "nat" or "route") || policy is > 1)
        {
            return null;
        }

        List<string> devices = [];
        bool isKnown = Devices(hook.Bytes(NFTA_HOOK_DEVS), devices);
        if (hook.Has(NFTA_HOOK_DEV) && devices.Count == 0)
        {
            devices.Add(hook.Text(NFTA_HOOK_DEV));
        }

        return isKnown ? new BaseHook(point, unchecked((int)priority), type, policy == 0, [.. devices]) : null;
    }

    private static bool Devices(ReadOnlySpan<byte> list, List<string> devices)
    {
        NetlinkAttributes each = new(list);
        while (each.Next())
        {
            if (each.Type is not (NFTA_DEVICE_NAME or NFTA_DEVICE_PREFIX))
            {
                return false;
            }

            devices.Add(NftAttributes.TextOf(each.Value) + (each.Type == NFTA_DEVICE_PREFIX ? "*" : ""));
        }

        return !each.Malformed;
    }

    /// <summary>NF_INET_, NF_BR_, NF_ARP_ and NF_NETDEV_ numbers of linux/netfilter.h and its neighbours.</summary>
    private static HookPoint? PointOf(TableFamily family, uint number) => (family, number) switch
    {
        (TableFamily.Netdev, 0) => HookPoint.Ingress,
        (TableFamily.Netdev, 1) => HookPoint.Egress,
        (TableFamily.Netdev, _) => null,
        (TableFamily.Arp, 0) => HookPoint.Input,
        (TableFamily.Arp, 1) => HookPoint.Output,
        (TableFamily.Arp, 2) => HookPoint.Forward,
        (TableFamily.Arp, _) => null,
        (_, 0) => HookPoint.Prerouting,
        (_, 1) => HookPoint.Input,
        (_, 2) => HookPoint.Forward,
        (_, 3) => HookPoint.Output,
        (_, 4) => HookPoint.Postrouting,
        (TableFamily.Inet, 5) => HookPoint.Ingress,
        _ => null,
    };
}
