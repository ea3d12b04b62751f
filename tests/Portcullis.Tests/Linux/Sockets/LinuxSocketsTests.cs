using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Containers;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Host;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Processes;
using Portcullis.Os.Linux.Services;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Portcullis.Os.Linux.SuperServers;
using Xunit;

namespace Portcullis.Tests.Linux.Sockets;

/// <summary>What must hold when the machine changes between two looks, which no real machine does on demand.</summary>
public sealed class LinuxSocketsTests
{
    private const ulong Own = 4026531840;
    private const ulong Other = 4026532345;

    private readonly MemorySource _files = new MemorySource().Link("/proc/self/ns/net", $"net:[{Own}]").File("/proc/self/status", "Uid:\t0\t0\t0\t0\n");

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

    private SocketInventory Read(FakeNetwork network) => new LinuxSockets(_files, network, new FakeScan([[]])).Read();

    private Snapshot Inspect() => new Inspect(new Machine
    {
        Host = new LinuxHost(_files),
        Sockets = new LinuxSockets(_files, new FakeNetwork(_ => Row), new FakeScan([[]])),
        Processes = new LinuxProcesses(_files),
        Services = new SystemdServices(_files),
        Packages = new NoPackages(),
        Containers = new LinuxContainers(_files),
        SuperServers = new LinuxSuperServers(_files),
    }).Run(DateTimeOffset.UnixEpoch, hash: false);

    /// <summary>One answer a scan; the last for all that follow.</summary>
    private sealed class FakeScan(params HolderRecord[][] answers) : IHolderScan
    {
        private int _scans;

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

    /// <summary>Shows one table of TCP sockets, as it is at each look; null where it cannot be entered.</summary>
    private sealed class FakeNetwork(Func<int, byte[]?> table) : INetworkSource
    {
        private int _looks;

        internal int BlindAt { get; init; }

        public int Visit(NamespaceHandle network, Action<INetworkDoor> visit)
        {
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

            public Answer ProcNet(string name) => Answer.Refused(Errno.EACCES);

            public Answer WireGuardPort(int index) => Answer.Refused(Errno.ENOENT);
        }
    }
}
