using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire;
using Portcullis.Core.Wire.Ipset;
using Portcullis.Core.Wire.Nft;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Rules;

/// <summary>
/// Reads all firewall rules of one network namespace: those of nf_tables by netlink, undecoded and of one generation; of the older
/// iptables, which has no such interface, its tables.
/// </summary>
internal sealed class RuleTables
{
    private const int Attempts = 5;

    private static readonly byte[] Tables = NftRequest.Tables();
    private static readonly byte[] Generation = NftRequest.Generation();
    private static readonly byte[][] Parts = [NftRequest.Chains(), NftRequest.Sets(), NftRequest.Rules()];

    private readonly INetworkDoor _door;
    private readonly List<ReadOnlyMemory<byte>> _answers = [];
    private int _error;
    private bool _changed;

    private RuleTables(INetworkDoor door) => _door = door;

    /// <summary>Reads them.</summary>
    internal static RulesAnswer Read(INetworkDoor door)
    {
        List<string> legacy = [];
        int legacyError = Legacy(door, "ip", legacy);
        int other = Legacy(door, "ip6", legacy);
        RuleTables reader = new(door);
        ReadOnlyMemory<byte>? messages = reader.Read(out string? why);
        ImmutableArray<LegacyTable> tables = LegacyTables.Read(door, legacy, out int refused);
        RulesetDump? dump = messages is ReadOnlyMemory<byte> told ? new RulesetDump { Messages = told, Ipsets = Ipsets(door, told.Span, tables.AsSpan()), LegacyTables = [.. legacy], Legacy = tables } : null;
        return new RulesAnswer(dump, reader._error, why, legacyError != 0 ? legacyError : other != 0 ? other : refused);
    }

    /// <summary>Where they are refused, as by a kernel older than 4.20, rules that look one up depend on what can't be told.</summary>
    private static ReadOnlyMemory<byte> Ipsets(INetworkDoor door, ReadOnlySpan<byte> messages, ReadOnlySpan<LegacyTable> legacy) =>
        IpsetRequest.IsNeeded(messages, legacy) && door.Ask(LibcSockets.NETLINK_NETFILTER, IpsetRequest.Sets()) is { Ok: true } answer ? answer.Bytes : default;

    /// <summary>Files of ip_tables.ko and ip6_tables.ko; they are not there where nobody uses those.</summary>
    private static int Legacy(INetworkDoor door, string family, List<string> tables)
    {
        Answer names = door.ProcNet($"{family}_tables_names");
        foreach (string name in (names.Text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            tables.Add($"{family} {name}");
        }

        return names.Error == Errno.ENOENT ? 0 : names.Error;
    }

    private ReadOnlyMemory<byte>? Read(out string? why)
    {
        why = null;

        // A machine without rules is told by one answer, which is all that most namespaces cost.
        Answer tables = _door.Ask(LibcSockets.NETLINK_NETFILTER, Tables);
        if (IsWithoutTables(tables.Error) || (tables.Ok && tables.Bytes.IsEmpty))
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        for (int attempt = 0; attempt < Attempts && tables.Ok; attempt++)
        {
            if (Attempt())
            {
                return Together();
            }

            if (!_changed)
            {
                return null;
            }
        }

        _error = tables.Error;
        why = tables.Ok ? "they change faster than they can be read" : null;
        return null;
    }

    /// <summary>
    /// Whether the kernel has no nf_tables at all, and so no rules of it: the protocol is unknown to socket(2), or the
    /// subsystem to nfnetlink_rcv_msg, which asks for the right first and then answers EINVAL (net/netfilter/nfnetlink.c).
    /// </summary>
    private static bool IsWithoutTables(int error) => error is Errno.EPROTONOSUPPORT or Errno.EINVAL;

    /// <summary>Reads everything once; false where something changed meanwhile (which is worth another attempt) or was refused.</summary>
    private bool Attempt()
    {
        _answers.Clear();
        _changed = false;
        uint? before = Now();
        bool whole = before is not null && Ask(Tables);
        foreach (byte[] part in Parts)
        {
            whole = whole && Ask(part) && (part != Parts[1] || Elements(_answers[^1]));
        }

        _changed |= before is not null && Now() != before;
        return whole && !_changed;
    }

    private uint? Now()
    {
        Answer answer = _door.Ask(LibcSockets.NETLINK_NETFILTER, Generation);
        _error = answer.Error;
        return NftRequest.GenerationIn(answer.Span);
    }

    private bool Elements(ReadOnlyMemory<byte> sets)
    {
        NetlinkMessages messages = new(sets.Span);
        while (messages.Next())
        {
            if (messages.Type == NftRequest.NewSet && NftRequest.Elements(messages.Payload) is byte[] request && !Ask(request))
            {
                return false;
            }
        }

        return true;
    }

    private bool Ask(byte[] request)
    {
        Answer answer = _door.Ask(LibcSockets.NETLINK_NETFILTER, request);
        NetlinkMessages messages = new(answer.Span);
        while (messages.Next())
        {
            _changed |= (messages.Flags & Netlink.NLM_F_DUMP_INTR) != 0;
        }

        _error = answer.Error;
        _answers.Add(answer.Bytes);
        return answer.Ok && !_changed;
    }

    private ReadOnlyMemory<byte> Together()
    {
        int length = 0;
        foreach (ReadOnlyMemory<byte> answer in _answers)
        {
            length += answer.Length;
        }

        byte[] all = new byte[length];
        int at = 0;
        foreach (ReadOnlyMemory<byte> answer in _answers)
        {
            answer.Span.CopyTo(all.AsSpan(at));
            at += answer.Length;
        }

        return all;
    }
}
