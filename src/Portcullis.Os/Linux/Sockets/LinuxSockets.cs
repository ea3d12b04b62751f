using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Kernel;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Programs;
using Portcullis.Os.Linux.Rules;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Sockets;

/// <summary>Reads the sockets of all network namespaces, and who holds them.</summary>
internal sealed class LinuxSockets(ISource source, INetworkSource network, IHolderScan scan, IProgramSource? programs = null) : ISockets
{
    /// <summary>The machine's own one has a fixed inode (PROC_PID_INIT_INO, include/linux/proc_ns.h).</summary>
    private const string InitialPidNamespace = "pid:[4026531836]";

    private readonly NamespaceFinder _finder = new(source);

    /// <inheritdoc/>
    public SocketInventory Read()
    {
        // The walk over all descriptors takes longest by far; the kernel's tables of our own namespace come meanwhile.
        Task<HolderScanResult> walk = Task.Run(scan.Scan);
        View own = new();
        ulong ownInode = _finder.Own();
        own.Errors[ownInode] = network.Visit(new NamespaceHandle(ownInode, null), door => own.Read(ownInode, door));
        HolderIndex holders = HolderIndex.Read(walk.GetAwaiter().GetResult().Records.Span);

        List<NamespaceFinder.Found> found = _finder.Find(holders);
        foreach (NamespaceFinder.Found other in found.Skip(1))
        {
            own.Errors[other.Inode] = network.Visit(other.Handle, door => own.Read(other.Inode, door));
        }

        own.Add(new KernelServiceFiles(source).Read([.. found.Select(one => (one.Inode, one.Pid))]));
        bool complete = holders.Unseen.IsEmpty && holders.BrokenAt is null;
        PacketPrograms? packets = programs is null ? null : new PacketPrograms(programs, source);
        IReadOnlyList<PacketProgram> everywhere = packets?.OfNetfilter() ?? [];
        ImmutableArray<NetworkNamespace> namespaces = [.. found.Select(one => Describe(one, own) with { Programs = packets?.Named([.. own.Programs.GetValueOrDefault(one.Inode)?.Programs ?? [], .. everywhere]) ?? [] })];
        Dictionary<ulong, NetworkNamespace> byInode = [];
        foreach (NetworkNamespace network in namespaces)
        {
            byInode.TryAdd(network.Inode, network);
        }

        List<SocketFacts> sockets = Settle(own, found, byInode, holders, complete);
        ImmutableArray<PacketProgram>? ofGroups = packets?.OfGroups(sockets.Where(socket => socket.Protocol != Protocol.Packet && !KernelSocket.IsTunnel(socket, byInode.GetValueOrDefault(socket.Namespace))));
        int refused = own.Programs.Values.Select(one => one.Error).FirstOrDefault(error => error != 0);
        return new SocketInventory(
            namespaces,
            [.. sockets],
            complete,
            [.. own.Gaps.Distinct(), .. Unentered(found, own, holders), .. packets?.Gaps(refused, IsRoot) ?? [], .. RuleGaps.Of(found.Select(one => (one.Name, own.Rules.GetValueOrDefault(one.Inode))), IsRoot)])
        {
            IsWholeMachine = IsWholeMachine(),
            GroupPrograms = ofGroups,
        };
    }

    /// <inheritdoc/>
    public PeerInventory Peers(IReadOnlyCollection<int> ports, NetworkNamespace host)
    {
        if (ports.Count == 0)
        {
            return new PeerInventory([], []);
        }

        int[] asked = [.. ports.Take(PeerDiag.MostPorts)];
        HashSet<IpAddress> own = [];
        foreach (NetworkInterface one in host.Interfaces)
        {
            own.UnionWith(one.Addresses);
        }

        PeerInventory peers = new(null, []);
        int refused = network.Visit(new NamespaceHandle(host.Inode, null), door => peers = PeerTable.Read(door, asked, own));
        return refused == 0 ? peers : new PeerInventory(null, []);
    }

    /// <summary>
    /// Gives each socket its holders. One without may have been closed between the two looks, or opened: it is looked for
    /// once more, so that a passing DNS query is no riddle.
    /// </summary>
    private List<SocketFacts> Settle(
        View view, List<NamespaceFinder.Found> found, Dictionary<ulong, NetworkNamespace> namespaces, HolderIndex holders, bool complete)
    {
        List<SocketFacts> sockets = [.. view.Sockets.Select(socket => Attach(socket, holders))];
        if (!complete || !sockets.Exists(socket => IsRiddle(socket, namespaces)))
        {
            return sockets;
        }

        // Only a second look that saw everything may say that a socket is gone.
        HashSet<ulong> seen = [];
        List<SocketFacts> second = [];
        foreach (NamespaceFinder.Found one in found.Where(one => sockets.Exists(socket => socket.Namespace == one.Inode && IsRiddle(socket, namespaces))))
        {
            List<Gap> gaps = [];
            int error = network.Visit(one.Handle, door => SocketTables.Read(one.Inode, door, second, gaps));
            if (error == 0 && gaps.Count == 0)
            {
                seen.Add(one.Inode);
            }
        }

        HashSet<(ulong, ulong, ulong)> alive = [.. second.Select(Identity)];
        sockets.RemoveAll(socket => IsRiddle(socket, namespaces) && seen.Contains(socket.Namespace) && !alive.Contains(Identity(socket)));

        // Only what still is there is worth asking once more who holds it: it may have changed hands under the first scan.
        ulong[] left = [.. sockets.Where(socket => socket.Inode != 0 && IsRiddle(socket, namespaces)).Select(socket => socket.Inode).Distinct()];
        if (left.Length == 0)
        {
            return sockets;
        }

        HolderIndex again = HolderIndex.Read(scan.ScanAgain(left).Records.Span);
        return [.. sockets.Select(socket => IsRiddle(socket, namespaces) ? Attach(socket, again) : socket)];
    }

    private static SocketFacts Attach(SocketFacts socket, HolderIndex holders) =>
        socket.Inode == 0 ? socket : socket with
        {
            Holders = [.. holders.ForSocket(socket.Inode)],
            ReusePort = holders.SharesPort(socket.Inode),
        };

    private static (ulong Namespace, ulong Inode, ulong Cookie) Identity(SocketFacts socket) => (socket.Namespace, socket.Inode, socket.Cookie);

    /// <summary>
    /// Whether the processes seen are the machine's, and none of them shields itself as the first one of some virtual machines
    /// does even from root: such a one may hold what nobody shows (seen on Linux 6.18).
    /// </summary>
    private bool? IsWholeMachine() =>
        source.Link("/proc/self/ns/pid").Text is not string link ? null : link == InitialPidNamespace && source.Link("/proc/1/exe").Text is not null;

    /// <summary>Whether nobody is known to hold it, not even the kernel for a tunnel or a service of its own.</summary>
    private static bool IsRiddle(SocketFacts socket, Dictionary<ulong, NetworkNamespace> namespaces) =>
        socket.Holders.IsEmpty && KernelSocket.Of(socket, namespaces.GetValueOrDefault(socket.Namespace)) is null;

    private static NetworkNamespace Describe(NamespaceFinder.Found found, View view) => new()
    {
        Inode = found.Inode,
        Name = found.Name,
        Pid = found.Pid,
        Inspected = view.Errors[found.Inode] == 0,
        Interfaces = view.Interfaces.TryGetValue(found.Inode, out ImmutableArray<NetworkInterface> interfaces) ? interfaces : [],
        Routes = view.Routes.GetValueOrDefault(found.Inode),
        KernelServices = [.. view.KernelServices.Where(service => service.Namespace == found.Inode).Select(service => service.Service)],
        Rules = view.Rules.GetValueOrDefault(found.Inode)?.Dump,
    };

    private IEnumerable<Gap> Unentered(List<NamespaceFinder.Found> found, View view, HolderIndex holders)
    {
        int refused = found.Count(one => view.Errors[one.Inode] is not (0 or Errno.ENOENT or Errno.ESRCH));
        if (refused > 0)
        {
            int error = found.Select(one => view.Errors[one.Inode]).First(one => one is not (0 or Errno.ENOENT or Errno.ESRCH));
            yield return new Gap(
                string.Create(CultureInfo.InvariantCulture, $"sockets of {refused} other network namespace{(refused == 1 ? "" : "s")}"),
                Why(error), Remedy);
        }

        int unknown = holders.Unseen.Count(record => record.Kind == HolderRecordKind.NamespaceUnreadable);
        if (unknown > 0)
        {
            yield return new Gap(
                string.Create(CultureInfo.InvariantCulture, $"network namespace of {unknown} process{(unknown == 1 ? "" : "es")}, and the sockets in it"),
                Why(Errno.EACCES), Remedy);
        }

        int unasked = holders.Unasked.Select(record => record.Pid).Distinct().Count();
        if (unasked > 0)
        {
            // An answer that is one process's own (it shields itself) tells less than one that holds for all.
            int error = (int)holders.Unasked.Max(record => record.Value);
            yield return new Gap(
                string.Create(CultureInfo.InvariantCulture, $"network namespaces that only a socket of {unasked} process{(unasked == 1 ? "" : "es")} keeps"),
                error == Errno.EOVERFLOW ? "more sockets than are asked one by one" : Why(error), Remedy);
        }

        if (holders.Unseen.Any(record => record.Kind == HolderRecordKind.ProcessesHidden))
        {
            yield return new Gap("processes that /proc hides here", "procfs is not mounted, or with hidepid", Remedy);
        }
    }

    /// <summary>Whether root looked; asked through the door, so that a recording tells of who made it and not of who plays it.</summary>
    private bool IsRoot => source.File("/proc/self/status").Text is string status && ProcFields.EffectiveUid(status) == 0;

    private string? Remedy => IsRoot ? null : "run with sudo";

    private string Why(int error) =>
        error is not (Errno.EPERM or Errno.EACCES) ? Errno.Text(error)
        : IsRoot ? "refused even to root: a sandbox, or a process that shields itself"
        : "not root";

    /// <summary>One look at the kernel's tables.</summary>
    private sealed class View
    {
        internal List<SocketFacts> Sockets { get; } = [];

        internal List<Gap> Gaps { get; } = [];

        internal Dictionary<ulong, ImmutableArray<NetworkInterface>> Interfaces { get; } = [];

        internal Dictionary<ulong, ImmutableArray<NetworkRoute>?> Routes { get; } = [];

        internal Dictionary<ulong, RulesAnswer> Rules { get; } = [];

        internal Dictionary<ulong, AttachedPrograms> Programs { get; } = [];

        internal Dictionary<ulong, int> Errors { get; } = [];

        internal List<(ulong Namespace, KernelService Service)> KernelServices { get; } = [];

        internal void Read(ulong inode, INetworkDoor door)
        {
            SocketTables.Read(inode, door, Sockets, Gaps);
            Interfaces[inode] = InterfaceTable.Read(door, Gaps);
            Programs[inode] = AttachedPrograms.Read(door, Interfaces[inode]);
            Routes[inode] = InterfaceTable.Routes(door);
            Rules[inode] = RuleTables.Read(door);
            GapList gaps = new();
            KernelServices.AddRange(KernelServiceFiles.InNamespace(door, gaps).Select(service => (inode, service)));
            Gaps.AddRange(gaps.ToImmutable());
        }

        internal void Add(KernelServiceFiles.Found services)
        {
            KernelServices.AddRange(services.Services);
            Gaps.AddRange(services.Gaps);
        }
    }
}
