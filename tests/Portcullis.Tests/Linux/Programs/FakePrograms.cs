using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Tests.Linux.Programs;

/// <summary>A machine's BPF programs in memory. With an error all questions are refused.</summary>
internal sealed class FakePrograms(int error = 0) : IProgramSource
{
    /// <summary>The directories of control groups.</summary>
    internal Dictionary<ulong, string> Groups { get; } = [];

    /// <summary>The programs that are attached to a directory itself.</summary>
    internal Dictionary<string, uint[]> Own { get; } = [];

    /// <summary>Further programs of the kind that control groups have.</summary>
    internal List<uint> Others { get; } = [];

    /// <summary>Links to netfilter's hooks, undecoded.</summary>
    internal byte[] Netfilter { get; init; } = [];

    internal List<string> Asked { get; } = [];

    public Answer Links(uint kind) => Ask("links", () => Answer.Of(kind == Libc.BPF_LINK_TYPE_NETFILTER ? Netfilter : []));

    public Answer Loaded(uint kind) => Ask("loaded", () => Numbers(kind == Libc.BPF_PROG_TYPE_CGROUP_SKB ? [.. Own.Values.SelectMany(one => one), .. Others] : []));

    public Answer Program(uint id) => Ask("program", () => Answer.Of((byte[])[.. new byte[64], .. Encoding.ASCII.GetBytes($"p{id}".PadRight(16, '\0'))]));

    public Answer ControlGroup(string mount, ulong id) => Ask("group", () => Groups.TryGetValue(id, out string? path) ? Answer.Of(Encoding.ASCII.GetBytes(path)) : Answer.Refused(Errno.ESTALE));

    public Answer GroupPrograms(string mount, ulong id) => Ask("programs", () => Groups.TryGetValue(id, out string? directory)
        ? Numbers([.. Own.Where(one => directory == one.Key || directory.StartsWith(one.Key + "/", StringComparison.Ordinal)).SelectMany(one => one.Value)])
        : Answer.Refused(Errno.ESTALE));

    public Answer OwnPrograms(string directory) => Ask("own", () => Numbers([.. Own.Where(one => directory == one.Key).SelectMany(one => one.Value)]));

    private static Answer Numbers(uint[] ids) => Answer.Of(ids.SelectMany(BitConverter.GetBytes).ToArray());

    private Answer Ask(string what, Func<Answer> answer)
    {
        Asked.Add(what);
        return error == 0 ? answer() : Answer.Refused(error);
    }
}
