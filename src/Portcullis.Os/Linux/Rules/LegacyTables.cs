using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Xtables;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Rules;

/// <summary>Reads the tables of the older iptables, undecoded. Only those that are there: asking for another would make it.</summary>
internal static class LegacyTables
{
    private const int Attempts = 5;
    private const uint Longest = 1 << 28;

    /// <summary>Reads them; those that were refused are missing, with the errno.</summary>
    /// <param name="door">The namespace.</param>
    /// <param name="names">Their names: "ip filter".</param>
    /// <param name="error">The errno of the first that was refused; 0 for none.</param>
    internal static ImmutableArray<LegacyTable> Read(INetworkDoor door, IReadOnlyList<string> names, out int error)
    {
        List<LegacyTable> tables = [];
        error = 0;
        foreach (string name in names)
        {
            LegacyTable? table = Read(door, name, out int refused);
            error = error == 0 ? refused : error;
            if (table is not null)
            {
                tables.Add(table);
            }
        }

        return [.. tables];
    }

    /// <summary>The kernel answers EAGAIN where the table's length has changed meanwhile; where it was replaced by one as long, the first answer has.</summary>
    private static LegacyTable? Read(INetworkDoor door, string name, out int error)
    {
        string[] words = name.Split(' ', 2);
        int level = words[0] == "ip6" ? LibcSockets.IPPROTO_IPV6 : LibcSockets.IPPROTO_IP;
        error = Errno.EINVAL;
        if (XtablesRequest.Info(words[1]) is not byte[] question)
        {
            return null;
        }

        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Answer before = door.Option(level, XtablesRequest.GetInfo, question, XtablesRequest.InfoLength);
            uint? size = before.Ok ? XtablesRequest.SizeIn(before.Span) : null;
            error = before.Ok ? size > Longest ? Errno.EMSGSIZE : Errno.EINVAL : before.Error;
            if (size is not uint length || length > Longest)
            {
                return null;
            }

            Answer entries = door.Option(level, XtablesRequest.GetEntries, XtablesRequest.Entries(words[1], length)!, XtablesRequest.EntriesOffset + (int)length);
            error = entries.Error;
            if (!entries.Ok && error != Errno.EAGAIN)
            {
                return null;
            }

            if (entries.Ok && door.Option(level, XtablesRequest.GetInfo, question, XtablesRequest.InfoLength) is { Ok: true } after && after.Span.SequenceEqual(before.Span))
            {
                return new LegacyTable(name, before.Bytes, entries.Bytes);
            }

            error = Errno.EAGAIN;
        }

        return null;
    }
}
