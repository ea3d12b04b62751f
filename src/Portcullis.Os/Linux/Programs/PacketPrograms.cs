using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Programs;

/// <summary>Finds the BPF programs that decide about packets beside the rules, as far as they belong to no single namespace, and names them all.</summary>
internal sealed class PacketPrograms(IProgramSource programs, ISource files)
{
    // systemd mounts the one hierarchy at the first, or beside older ones at the second (file-hierarchy(7), systemd's "hybrid" layout).
    private static readonly string[] Mounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];

    private const int MostTold = 3;

    private readonly Dictionary<uint, string?> _names = [];
    private readonly Dictionary<string, uint[]> _own = [];
    private int _error;
    private string? _unknown;

    /// <summary>The links to netfilter's hooks, whose namespace the kernel does not tell, still without names.</summary>
    internal IReadOnlyList<PacketProgram> OfNetfilter()
    {
        List<PacketProgram> found = [];
        Answer answer = Checked(programs.Links(Libc.BPF_LINK_TYPE_NETFILTER));
        for (int at = 0; BpfLink.TryDecode(answer.Span[at..], out BpfLink link); at += BpfLink.RecordLength)
        {
            found.Add(new PacketProgram { Hook = ProgramHook.Netfilter, Id = link.Program, Version = link.Version, Point = link.Point });
        }

        return found;
    }

    /// <summary>The same programs with their names.</summary>
    internal ImmutableArray<PacketProgram> Named(IEnumerable<PacketProgram> found) => [.. found.Select(one => one with { Name = NameOf(one.Id) })];

    /// <summary>The programs of the control groups in which sockets were made.</summary>
    /// <param name="sockets">The sockets that such programs may see.</param>
    internal ImmutableArray<PacketProgram> OfGroups(IEnumerable<SocketFacts> sockets)
    {
        // Plain loops: this runs for every machine, and what LINQ makes of numbers is compiled anew in every run.
        Dictionary<ulong, List<SocketFacts>> groups = [];
        List<SocketFacts> lost = [];
        foreach (SocketFacts socket in sockets)
        {
            if (socket.CgroupId is not ulong id)
            {
                lost.Add(socket);
                continue;
            }

            if (!groups.TryGetValue(id, out List<SocketFacts>? same))
            {
                groups[id] = same = [];
            }

            same.Add(socket);
        }

        List<PacketProgram> found = [];
        string? mount = Array.Find(Mounts, one => files.File(one + "/cgroup.controllers").Ok);
        foreach (KeyValuePair<ulong, List<SocketFacts>> group in groups)
        {
            if (ProgramErrors.IsRefusal(_error))
            {
                break; // the rest will be too
            }

            if (mount is null || !AddOf(group.Key, mount, found))
            {
                lost.AddRange(group.Value);
            }
        }

        if (lost.Count > 0 && !ProgramErrors.IsRefusal(_error) && !Checked(programs.Loaded(Libc.BPF_PROG_TYPE_CGROUP_SKB)).Bytes.IsEmpty)
        {
            string ports = string.Join(", ", lost.Select(Text).Distinct().Order(StringComparer.Ordinal).Take(MostTold));
            _unknown = string.Create(CultureInfo.InvariantCulture, $"that of {lost.Count} socket{(lost.Count == 1 ? "" : "s")} is gone or not told ({ports})");
        }

        found.Sort(static (left, right) => string.CompareOrdinal(left.ControlGroup, right.ControlGroup) is int byPlace and not 0 ? byPlace : left.Id.CompareTo(right.Id));
        return Named(found);
    }

    private static string Text(SocketFacts socket) => string.Create(CultureInfo.InvariantCulture, $"{socket.Port}/{ListenerKey.Word(socket.Protocol)}");

    /// <summary>What was not seen.</summary>
    /// <param name="error">An errno of those that were looked for inside of namespaces; 0 for none.</param>
    /// <param name="isRoot">Whether root asked.</param>
    internal IEnumerable<Gap> Gaps(int error, bool isRoot)
    {
        error = _error != 0 ? _error : error;
        if (error != 0)
        {
            yield return !ProgramErrors.IsRefusal(error) ? new Gap(PacketProgram.GapName, Errno.Text(error), null)
                : isRoot ? new Gap(PacketProgram.GapName, "refused even to root: a capability is missing", null)
                : new Gap(PacketProgram.GapName, "not root", "run with sudo");
        }
        else if (_unknown is not null)
        {
            yield return new Gap(PacketProgram.GroupGapName, _unknown, "start what holds them anew");
        }
    }

    /// <summary>Adds those of one group; false where it cannot be found.</summary>
    private bool AddOf(ulong id, string mount, List<PacketProgram> found)
    {
        Answer effective = programs.GroupPrograms(mount, id);
        if (effective.Error == Errno.ESTALE)
        {
            // A group that was removed lives on, with its programs, while sockets of it do; but there is no way to it any more.
            return false;
        }

        uint[] numbers = BpfProgram.NumbersIn(Checked(effective).Span);
        string? directory = numbers.Length == 0 ? null : programs.ControlGroup(mount, id).Text;
        foreach (uint program in numbers)
        {
            string? place = PlaceOf(program, directory, mount);
            int at = found.FindIndex(one => one.Id == program && one.ControlGroup == place);
            if (at >= 0)
            {
                found[at] = found[at] with { Sees = found[at].Sees.Add(id) };
            }
            else
            {
                found.Add(new PacketProgram { Hook = ProgramHook.Cgroup, Id = program, ControlGroup = place, Sees = [id] });
            }
        }

        return true;
    }

    /// <summary>The nearest directory upwards that has the program itself; null where none that is mounted has it.</summary>
    private string? PlaceOf(uint program, string? directory, string mount)
    {
        for (string at = directory ?? ""; at.StartsWith(mount, StringComparison.Ordinal); at = at[..at.LastIndexOf('/')])
        {
            if (!_own.TryGetValue(at, out uint[]? own))
            {
                _own[at] = own = BpfProgram.NumbersIn(programs.OwnPrograms(at).Span);
            }

            if (own.Contains(program))
            {
                return at;
            }
        }

        return null;
    }

    private string? NameOf(uint id)
    {
        if (!_names.TryGetValue(id, out string? name))
        {
            _names[id] = name = BpfProgram.NameIn(programs.Program(id).Span);
        }

        return name;
    }

    private Answer Checked(Answer answer)
    {
        _error = _error == 0 && !ProgramErrors.IsNone(answer.Error) ? answer.Error : _error;
        return answer;
    }
}
