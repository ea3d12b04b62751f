using System;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire;

/// <summary>One link of a BPF program to a hook of netfilter's, as bpf(2) tells of it (BPF_OBJ_GET_INFO_BY_FD).</summary>
/// <remarks>
/// struct bpf_link_info of linux/bpf.h: u32 kind, u32 link, u32 program; at 16, for netfilter: u32 protocol family, u32 hook, s32 priority,
/// u32 flags; all in the machine's order.
/// </remarks>
public readonly record struct BpfLink
{
    /// <summary>The length of each in an answer about several.</summary>
    public const int RecordLength = 64;

    private const int ProgramAt = 8;
    private const int FamilyAt = 16;
    private const int HookAt = 20;
    private const uint NFPROTO_IPV4 = 2; // linux/netfilter.h
    private const uint NFPROTO_IPV6 = 10;

    /// <summary>The number of the program.</summary>
    public uint Program { get; private init; }

    /// <summary>The IP version of the packets that it sees; null for another family.</summary>
    public IpVersion? Version { get; private init; }

    /// <summary>The hook; null for one that is not known.</summary>
    public HookPoint? Point { get; private init; }

    /// <summary>Decodes one record; false where it is too short.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> record, out BpfLink link)
    {
        link = default;
        if (record.Length < RecordLength)
        {
            return false;
        }

        link = new BpfLink
        {
            Program = BitConverter.ToUInt32(record[ProgramAt..]),
            Version = BitConverter.ToUInt32(record[FamilyAt..]) switch { NFPROTO_IPV4 => IpVersion.V4, NFPROTO_IPV6 => IpVersion.V6, _ => null },
            Point = BitConverter.ToUInt32(record[HookAt..]) switch // enum nf_inet_hooks
            {
                0 => HookPoint.Prerouting,
                1 => HookPoint.Input,
                2 => HookPoint.Forward,
                3 => HookPoint.Output,
                4 => HookPoint.Postrouting,
                5 => HookPoint.Ingress,
                _ => null,
            },
        };
        return true;
    }
}
