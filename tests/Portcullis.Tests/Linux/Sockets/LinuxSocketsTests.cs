using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux;
using Portcullis.Os.Linux.Containers;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Host;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Processes;
using Portcullis.Os.Linux.Services;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Portcullis.Tests.Linux.Programs;
using Portcullis.Os.Linux.Stack;
using Portcullis.Os.Linux.SuperServers;
using Xunit;

namespace Portcullis.Tests.Linux.Sockets;

/// <summary>What must hold when the machine changes between two looks, which no real machine does on demand.</summary>
public sealed class LinuxSocketsTests
{
    private const ulong Own = 4026531840;
    private const ulong Other = 4026532345;

    private readonly MemorySource _files = new MemorySource().Link("/proc/self/ns/net", $"net:[{Own}]").File("/proc/sys/net/ipv4/ip_forward", "0\n").File("/proc/self/status", "Uid:\t0\t0\t0\t0\n");

    [Fact]
    public void Socket_without_holder_stays_where_the_second_look_fails()
    {
        Assert.Single(Read(new FakeNetwork(look => look == 1 ? Row : null)).Sockets);
        Assert.Single(Read(new FakeNetwork(look => look == 1 ? Row : []) { BlindAt = 2 }).Sockets);
    }

    [Fact]
    public void Socket_without_holder_goes_where_the_second_look_no_longer_sees_it()
    {
        Assert.Empty(Read(new FakeNetwork(look => look == 1 ? Row : [])).Sockets);
        Assert.Single(Read(new FakeNetwork(_ => Row)).Sockets);
    }

    [Fact]
    public void Socket_that_was_opened_between_the_looks_gets_its_holder()
    {
        FakeScan scan = new([], [new HolderRecord(HolderRecordKind.Socket, 77, 98765)]);

        Assert.Equal([77], Assert.Single(new LinuxSockets(_files, new FakeNetwork(_ => Row), scan).Read().Sockets).Holders);
    }

    [Fact]
    public void Socket_of_the_kernels_nfs_server_is_no_riddle_and_no_gap()
    {
        // Without it, there is a second look, and the owner is told as missing.
        Assert.Contains(Inspect().Gaps, gap => gap.What == "owner of 1 socket");

        _files.Link("/proc/1/ns/net", $"net:[{Own}]").File("/proc/fs/nfsd/portlist", "tcp 8080\n");
        Assert.Single(Read(new FakeNetwork(look => look == 1 ? Row : [])).Sockets);
        Snapshot snapshot = Inspect();
        Assert.Empty(snapshot.Gaps);
        Assert.Equal(("nfsd", "tcp/any/ipv4/8080/kernel"), ListenerTable.From(snapshot).Select(one => (one.Kernel, one.Key)).Single());

        // Another namespace's services are not ours.
        _files.Link("/proc/1/ns/net", $"net:[{Other}]");
        Assert.Contains(Inspect().Gaps, gap => gap.What == "owner of 1 socket");
    }

    [Fact]
    public void Holders_are_looked_for_again_only_of_what_still_is_there_without_one()
    {
        FakeScan gone = new([[]]);
        FakeScan here = new([[]]);
        FakeScan held = new([new HolderRecord(HolderRecordKind.Socket, 77, 98765)]);

        _ = new LinuxSockets(_files, new FakeNetwork(look => look == 1 ? Row : []), gone).Read();
        _ = new LinuxSockets(_files, new FakeNetwork(_ => Row), here).Read();
        _ = new LinuxSockets(_files, new FakeNetwork(_ => Row), held).Read();

        Assert.Empty(gone.AskedAgain);
        Assert.Equal([98765ul], here.AskedAgain);
        Assert.Empty(held.AskedAgain);
    }

    [Fact]
    public void Replay_of_a_machine_that_changed_between_the_looks_equals_the_run_itself()
    {
        FakeScan scan = new([], [new HolderRecord(HolderRecordKind.Socket, 77, 98765)]);
        Recorder recorder = new(_files, new FakeNetwork(look => look == 1 ? [.. Row, .. OtherRow] : Row), scan, new NoTools(), new FakePrograms());

        SocketInventory live = new LinuxSockets(recorder.Files, recorder, recorder).Read();
        ImmutableArray<RawAnswer> answers = recorder.Answers;
        SocketInventory played = Replayed(answers);

        Assert.Equal([77], Assert.Single(live.Sockets).Holders);
        Assert.Equal([77], Assert.Single(played.Sockets).Holders);

        // A recording of the form before had the first answers only: it plays, and tells what it knows.
        Assert.Equal(2, Replayed([.. answers.DistinctBy(answer => answer.Request)]).Sockets.Length);

        static SocketInventory Replayed(ImmutableArray<RawAnswer> answers)
        {
            Player player = new(answers);
            return new LinuxSockets(player.Files, player, player).Read();
        }
    }

    [Theory]
    [InlineData(HolderRecordKind.SocketIn, false)]
    [InlineData(HolderRecordKind.SharedSocketIn, true)]
    [InlineData(HolderRecordKind.Socket, null)]
    public void Shared_port_is_told_where_it_is_known(HolderRecordKind kind, bool? expected)
    {
        FakeScan scan = new([new HolderRecord(kind, 77, kind == HolderRecordKind.Socket ? 98765 : (Own << 32) | 98765)]);

        SocketFacts socket = Assert.Single(new LinuxSockets(_files, new FakeNetwork(_ => Row), scan).Read().Sockets);

        Assert.Equal([77], socket.Holders);
        Assert.Equal(expected, socket.ReusePort);
    }

    [Fact]
    public void Namespace_of_a_socket_is_looked_into_by_the_descriptor_of_its_holder()
    {
        MemorySource files = _files.Directory("/proc/77/fd").Link("/proc/77/fd/3", "socket:[5]").Link("/proc/77/fd/4", "socket:[6]");
        FakeNetwork network = new(_ => []);

        SocketInventory inventory = new LinuxSockets(files, network, new FakeScan([new HolderRecord(HolderRecordKind.SocketIn, 77, (Other << 32) | 6)])).Read();

        Assert.Equal(77, inventory.Namespaces.Single(one => one.Inode == Other).Pid);
        Assert.Equal(["/proc/77/fd/4"], Assert.Single(network.Visited, one => one.Inode == Other).Paths);
        Assert.DoesNotContain(inventory.Gaps, gap => gap.What.Contains("namespace", StringComparison.Ordinal));
    }

    [Fact]
    public void Sockets_that_could_not_be_asked_for_their_namespace_are_a_gap_and_no_doubt_about_holders()
    {
        FakeScan scan = new([new HolderRecord(HolderRecordKind.SocketsUnasked, 77, Errno.ENOSYS), new HolderRecord(HolderRecordKind.SocketsUnasked, 78, Errno.ENOSYS)]);

        SocketInventory inventory = new LinuxSockets(_files, new FakeNetwork(_ => []), scan).Read();

        Assert.Contains("network namespaces that only a socket of 2 processes keeps", inventory.Gaps.Select(gap => gap.What));
        Assert.True(inventory.HoldersComplete);
    }

    [Theory]
    [InlineData("pid:[4026531836]", "/usr/lib/systemd/systemd", true)]
    [InlineData("pid:[4026531836]", null, false)]
    [InlineData("pid:[4026532200]", "/usr/lib/systemd/systemd", false)]
    [InlineData(null, "/usr/lib/systemd/systemd", null)]
    public void Whole_machine_is_seen_only_from_its_own_PID_namespace_and_where_the_first_process_lets_itself_be_looked_into(string? space, string? first, bool? whole)
    {
        MemorySource files = space is null ? _files : _files.Link("/proc/self/ns/pid", space);
        files = first is null ? files : files.Link("/proc/1/exe", first);

        Assert.Equal(whole, new LinuxSockets(files, new FakeNetwork(_ => []), new FakeScan([new HolderRecord(HolderRecordKind.Socket, 77, 98765)])).Read().IsWholeMachine);
    }

    [Theory]
    [InlineData(false, false, null)]
    [InlineData(false, true, "further holders of the sockets shown")]
    [InlineData(true, true, "owner of 1 socket, and further holders of the others")]
    [InlineData(true, false, "owner of 1 socket")]
    public void Process_that_could_not_be_read_may_hold_any_socket(bool ownerless, bool unreadable, string? expected)
    {
        HolderRecord[] records =
        [
            new(HolderRecordKind.Socket, 77, 98765),
            .. ownerless ? Array.Empty<HolderRecord>() : [new(HolderRecordKind.Socket, 77, 98766)],
            .. unreadable ? [new HolderRecord(HolderRecordKind.DescriptorsUnreadable, 1, Errno.EACCES)] : Array.Empty<HolderRecord>(),
        ];
        Recorder recorder = new(_files, new FakeNetwork(_ => [.. Row, .. OtherRow]), new FakeScan(records), new NoTools(), new FakePrograms());
        _ = new LinuxSockets(recorder.Files, recorder, recorder).Read();

        Snapshot snapshot = new Inspect(new LinuxMachine().Replay(recorder.Answers)).Run(DateTimeOffset.UnixEpoch, hash: false);

        Assert.Equal(2, snapshot.Sockets.Length);
        Assert.Equal(expected, snapshot.Gaps.SingleOrDefault(gap => gap.What.Contains("owner", StringComparison.Ordinal) || gap.What.Contains("holders", StringComparison.Ordinal))?.What);
    }

    [Fact]
    public void Namespace_without_a_way_in_is_not_taken_for_our_own()
    {
        FakeNetwork network = new(_ => Row);

        SocketInventory inventory = new LinuxSockets(_files, network, new FakeScan([new HolderRecord(HolderRecordKind.Namespace, 50, Other)])).Read();

        Assert.DoesNotContain(inventory.Sockets, socket => socket.Namespace == Other);
        Assert.False(inventory.Namespaces.Single(one => one.Inode == Other).Inspected);
        Assert.Equal(Errno.ENOENT, new LiveNetworkSource().Visit(new NamespaceHandle(Other, []), _ => Assert.Fail("entered")));
    }

    /// <summary>0.0.0.0:8080, listening, inode 98765.</summary>
    private static byte[] Row
    {
        get
        {
            byte[] row = new byte[16 + 72];
            BitConverter.TryWriteBytes(row, row.Length);
            row[4] = (byte)InetDiag.SOCK_DIAG_BY_FAMILY;
            row[16] = InetDiag.AF_INET;
            row[17] = InetDiag.TCP_LISTEN;
            row[20] = 0x1f;
            row[21] = 0x90;
            BitConverter.TryWriteBytes(row.AsSpan(16 + 68), 98765);
            return row;
        }
    }

    /// <summary>The same on port 8081, inode 98766.</summary>
    private static byte[] OtherRow
    {
        get
        {
            byte[] row = Row;
            row[21]++;
            row[16 + 68]++;
            return row;
        }
    }

    private SocketInventory Read(FakeNetwork network) => new LinuxSockets(_files, network, new FakeScan([[]])).Read();

    private Snapshot Inspect() => new Inspect(new Machine
    {
        Host = new LinuxHost(_files),
        Sockets = new LinuxSockets(_files, new FakeNetwork(_ => Row), new FakeScan([[]])),
        Processes = new LinuxProcesses(_files),
        Services = new SystemdServices(_files),
        Packages = new NoPackages(),
        Containers = new LinuxContainers(_files),
        Stack = new LinuxStack(_files, new FakeNetwork(_ => Row)),
        SuperServers = new LinuxSuperServers(_files),
    }).Run(DateTimeOffset.UnixEpoch, hash: false);

    /// <summary>One answer a scan; the last for all that follow.</summary>
    private sealed class FakeScan(params HolderRecord[][] answers) : IHolderScan
    {
        private int _scans;

        internal List<ulong> AskedAgain { get; } = [];

        public HolderScanResult ScanAgain(IReadOnlyCollection<ulong> sockets)
        {
            AskedAgain.AddRange(sockets);
            return Scan();
        }

        public HolderScanResult Scan()
        {
            HolderRecord[] records = answers[Math.Min(_scans++, answers.Length - 1)];
            byte[] bytes = new byte[records.Length * HolderRecords.RecordSize];
            for (int at = 0; at < records.Length; at++)
            {
                HolderRecords.Write(bytes.AsSpan(at * HolderRecords.RecordSize), records[at]);
            }

            return new HolderScanResult(bytes, HolderWay.Recorded);
        }
    }

    private sealed class NoPackages : IPackages
    {
        public PackageInventory OwnersOf(IReadOnlyCollection<string> paths, int? insideRootOf) =>
            new(ImmutableDictionary<string, PackageFacts?>.Empty, []);
    }

    private sealed class NoTools : IToolRunner
    {
        public Answer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int size) => Answer.Refused(Errno.ENOENT);
    }

    /// <summary>Shows one table of TCP sockets, as it is at each look; null where it cannot be entered.</summary>
    private sealed class FakeNetwork(Func<int, byte[]?> table) : INetworkSource
    {
        private int _looks;

        internal int BlindAt { get; init; }

        internal List<NamespaceHandle> Visited { get; } = [];

        public int Visit(NamespaceHandle network, Action<INetworkDoor> visit)
        {
            Visited.Add(network);
            if (network.Paths is { Count: 0 })
            {
                return Errno.ENOENT;
            }

            int look = ++_looks;
            if (table(look) is not byte[] rows)
            {
                return Errno.EPERM;
            }

            visit(new Door(rows, blind: look == BlindAt));
            return 0;
        }

        private sealed class Door(byte[] rows, bool blind) : INetworkDoor
        {
            private static readonly byte[] Tcp4 = InetDiag.Request(InetDiag.AF_INET, 6, 1 << InetDiag.TCP_LISTEN);

            public Answer Ask(int protocol, byte[] request) =>
                !request.AsSpan().SequenceEqual(Tcp4) ? Answer.Of(default)
                : blind ? Answer.Refused(Errno.EPERM)
                : Answer.Of(rows);

            public Answer Programs(uint attachment, int index) => Answer.Refused(Errno.EINVAL);

            public Answer ProcNet(string name) => Answer.Refused(name.EndsWith("_tables_names", StringComparison.Ordinal) ? Errno.ENOENT : Errno.EACCES);

            public Answer Option(int level, int option, byte[] question, int length) => Answer.Refused(Errno.ENOENT);

            public Answer WireGuardPort(int index) => Answer.Refused(Errno.ENOENT);
        }
    }
}
