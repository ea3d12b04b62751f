using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Programs;
using Portcullis.Os.Linux.Source;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Linux.Programs;

public sealed class PacketProgramsTests
{
    private readonly MemorySource _files = new MemorySource().File("/sys/fs/cgroup/cgroup.controllers", "cpu\n");

    [Fact]
    public void Program_is_told_with_the_directory_that_has_it_and_the_groups_that_it_sees()
    {
        FakePrograms machine = new() { Groups = { [5] = "/sys/fs/cgroup/a.slice/x.service", [6] = "/sys/fs/cgroup/a.slice/y.service", [7] = "/sys/fs/cgroup/z.service" }, Own = { ["/sys/fs/cgroup/a.slice"] = [31], ["/sys/fs/cgroup/a.slice/x.service"] = [32] } };
        ImmutableArray<PacketProgram> found = Groups(machine, out ImmutableArray<Gap> gaps, 5, 6, 7, 5);

        Assert.Equal(["p31 /sys/fs/cgroup/a.slice 5,6", "p32 /sys/fs/cgroup/a.slice/x.service 5"], found.Select(one => $"{one.Name} {one.ControlGroup} {string.Join(',', one.Sees)}").Order(StringComparer.Ordinal));
        Assert.Empty(gaps);
        Assert.Equal(3, machine.Asked.Count(one => one == "programs")); // once each, however many sockets
    }

    [Fact]
    public void Program_of_a_group_outside_of_the_mount_is_told_without_its_place()
    {
        FakePrograms machine = new() { Groups = { [1] = "/" }, Own = { ["/"] = [31] } };
        PacketProgram program = Assert.Single(Groups(machine, out ImmutableArray<Gap> gaps, 1));
        Assert.Null(program.ControlGroup);
        Assert.Equal("the BPF program p31 of a control group that is not seen from here (bpftool prog show id 31)", ProgramText.Of(program, ""));
        Assert.Empty(gaps);
    }

    [Fact]
    public void Replay_finds_the_same_programs()
    {
        FakePrograms machine = new() { Groups = { [5] = "/sys/fs/cgroup/x.service" }, Own = { ["/sys/fs/cgroup"] = [31] }, Netfilter = Link(41, 2, 1) };
        Recorder recorder = new(_files, null!, null!, null!, machine);
        string live = Told(new PacketPrograms(recorder, recorder.Files));
        Player player = new(recorder.Answers);

        Assert.Equal("p41 ; p31 /sys/fs/cgroup; ", live);
        Assert.Equal(live, Told(new PacketPrograms(player, player.Files)));
        Assert.Equal("", Told(new PacketPrograms(new Player([]), new MemorySource()))); // a recording from before

        static string Told(PacketPrograms programs) =>
            string.Concat(programs.Named(programs.OfNetfilter()).Concat(programs.OfGroups([Socket(5)])).Select(one => $"{one.Name} {one.ControlGroup}; ").Concat(programs.Gaps(0, isRoot: true).Select(gap => gap.What)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Group_that_is_gone_is_a_gap_only_where_such_programs_are_loaded(bool areLoaded)
    {
        FakePrograms machine = new();
        machine.Others.AddRange(areLoaded ? [9u] : []);
        Assert.Empty(Groups(machine, out ImmutableArray<Gap> gaps, 5));
        Assert.Equal(areLoaded ? ["BPF programs of control groups: that of 1 socket is gone or not told (80/tcp)"] : [], gaps.Select(gap => $"{gap.What}: {gap.Why}"));
    }

    [Fact]
    public void Machine_without_the_hierarchy_asks_for_no_group()
    {
        FakePrograms machine = new() { Groups = { [5] = "/x" }, Others = { 9 } };
        PacketPrograms programs = new(machine, new MemorySource());
        Assert.Empty(programs.OfGroups([Socket(5)]));
        Assert.DoesNotContain("programs", machine.Asked);
        Assert.Single(programs.Gaps(0, isRoot: true));
    }

    [Theory]
    [InlineData(Errno.EPERM, false, "not root")]
    [InlineData(Errno.EPERM, true, "refused even to root: a capability is missing")]
    [InlineData(Errno.EAGAIN, true, "resource temporarily unavailable")]
    [InlineData(Errno.ENOSYS, true, null)]
    [InlineData(Errno.EINVAL, true, null)]
    [InlineData(Errno.ENOENT, true, null)] // a recording from before this was asked
    public void Refusal_is_a_gap_and_a_kernel_without_programs_is_none(int error, bool isRoot, string? why)
    {
        PacketPrograms programs = new(new FakePrograms(error), _files);
        Assert.Empty(programs.OfNetfilter());
        Assert.Empty(programs.OfGroups([Socket(5), Socket(6)]));
        Assert.Equal(why is null ? [] : [why], programs.Gaps(0, isRoot).Select(gap => gap.Why));
    }

    [Fact]
    public void Links_to_netfilter_tell_version_and_hook()
    {
        PacketPrograms programs = new(new FakePrograms { Netfilter = [.. Link(41, 2, 1), .. Link(42, 10, 4), .. Link(43, 7, 9), .. new byte[63]] }, _files);
        Assert.Equal([("p41", IpVersion.V4, HookPoint.Input), ("p42", IpVersion.V6, HookPoint.Postrouting), ("p43", null, null)], programs.Named(programs.OfNetfilter()).Select(one => (one.Name, one.Version, one.Point)));
    }

    [Fact]
    public void Interfaces_are_asked_until_the_right_is_missing()
    {
        Door open = new(0);
        NetworkInterface[] interfaces = [new() { Index = 1, Name = "lo" }, new() { Index = 2, Name = "nk0", Kind = "netkit" }];
        AttachedPrograms found = AttachedPrograms.Read(open, interfaces);
        Assert.Equal(["36 0", "46 1", "46 2", "55 2"], open.Asked);
        Assert.Equal([(ProgramHook.SkLookup, (int?)null, 360u), (ProgramHook.Tcx, 1, 461u), (ProgramHook.Tcx, 2, 462u), (ProgramHook.Netkit, 2, 552u)], found.Programs.Select(one => (one.Hook, one.Interface, one.Id)));
        Assert.Equal(0, found.Error);

        Door shut = new(Errno.EPERM);
        Assert.Equal(Errno.EPERM, AttachedPrograms.Read(shut, interfaces).Error);
        Assert.Single(shut.Asked);
        Assert.Equal(0, AttachedPrograms.Read(new Door(Errno.EINVAL), interfaces).Error);
    }

    private ImmutableArray<PacketProgram> Groups(FakePrograms machine, out ImmutableArray<Gap> gaps, params ulong[] groups)
    {
        PacketPrograms programs = new(machine, _files);
        ImmutableArray<PacketProgram> found = programs.OfGroups(groups.Select(group => Socket(group)));
        gaps = [.. programs.Gaps(0, isRoot: true)];
        return found;
    }

    private static SocketFacts Socket(ulong group) => Facts.Tcp("0.0.0.0", 80, 10) with { CgroupId = group };

    private static byte[] Link(uint program, uint family, uint hook) =>
        [.. new byte[8], .. BitConverter.GetBytes(program), .. new byte[4], .. BitConverter.GetBytes(family), .. BitConverter.GetBytes(hook), .. new byte[40]];

    private sealed class Door(int error) : INetworkDoor
    {
        internal List<string> Asked { get; } = [];

        public Answer Programs(uint attachment, int index)
        {
            Asked.Add($"{attachment} {index}");
            return error == 0 ? Answer.Of(BitConverter.GetBytes((attachment * 10) + (uint)index)) : Answer.Refused(error);
        }

        public Answer Ask(int protocol, byte[] request) => Answer.Refused(Errno.EINVAL);

        public Answer Option(int level, int option, byte[] question, int length) => Answer.Refused(Errno.EINVAL);

        public Answer ProcNet(string name) => Answer.Refused(Errno.ENOENT);

        public Answer WireGuardPort(int index) => Answer.Refused(Errno.ENOENT);
    }
}
