using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Kernel;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Kernel;

/// <summary>
/// The ports of the kernel's own services. Most are set up in the network namespace of whoever does it, and their files do not
/// tell which that was; it is taken to be process 1's, where the system's services run. In any other they stay unknown.
/// </summary>
internal sealed class KernelServiceFiles(ISource source)
{
    private const string PortList = "/proc/fs/nfsd/portlist";
    private const string SmbStatistics = "/sys/class/ksmbd-control/stats";

    private readonly GapList _gaps = new();

    /// <summary>Services by namespace, and what could not be read of them.</summary>
    internal sealed record Found(List<(ulong Namespace, KernelService Service)> Services, ImmutableArray<Gap> Gaps);

    /// <summary>The services of all namespaces but those that <see cref="InNamespace"/> tells.</summary>
    /// <param name="namespaces">The namespaces, each with a process in it or null.</param>
    internal Found Read(IReadOnlyList<(ulong Inode, int? Pid)> namespaces)
    {
        List<(ulong, KernelService)> found = [];
        if (source.Link("/proc/1/ns/net").Text is string link && ProcFields.InodeOf(link, "net") is ulong system)
        {
            ConfiguredTargets targets = new(source, _gaps);
            found.AddRange(
                NfsPorts(source).Concat(Smb()).Concat(LockPorts()).Concat(targets.Iscsi()).Concat(targets.Nvme()).Concat(targets.Dlm()).Concat(targets.Ocfs2())
                    .Select(service => (system, service)));
            found.AddRange(NfsElsewhere(system, namespaces));
        }

        return new Found(found, _gaps.ToImmutable());
    }

    /// <summary>What the kernel keeps for each namespace in its /proc/net.</summary>
    internal static IEnumerable<KernelService> InNamespace(INetworkDoor door, GapList gaps)
    {
        Answer answer = door.ProcNet("rxrpc/locals");
        if (answer.Text is not string text)
        {
            // What is refused here is also refused for the sockets themselves, and told there.
            return [];
        }

        RxrpcLocals locals = RxrpcLocals.Parse(text);
        if (locals.Error is not null)
        {
            gaps.Add("ports of AFS", $"/proc/net/rxrpc/locals: {locals.Error}");
        }

        return locals.Sockets.Select(one => new KernelService("rxrpc", Protocol.Udp, one.Address, one.Port, "/proc/net/rxrpc/locals"));
    }

    private List<KernelService> NfsPorts(ISource where)
    {
        Answer answer = where.File(PortList);
        if (!_gaps.Check(answer, "ports of the kernel's NFS server"))
        {
            return [];
        }

        NfsPortList list = NfsPortList.Parse(answer.Text);
        if (list.Error is not null)
        {
            _gaps.Add("ports of the kernel's NFS server", $"{PortList}: {list.Error}");
        }

        return [.. list.Ports.Select(one => new KernelService("nfsd", one.Protocol, null, one.Port, PortList))];
    }

    /// <summary>
    /// The nfsd file system is another for each network namespace it was mounted in (fs/nfsd/nfsctl.c, get_tree_keyed), so a
    /// container that serves NFS itself has one with another device number. One that is seen from two namespaces names neither.
    /// </summary>
    private IEnumerable<(ulong, KernelService)> NfsElsewhere(ulong system, IReadOnlyList<(ulong Inode, int? Pid)> namespaces)
    {
        if (source.File("/proc/filesystems").Text?.Contains("\tnfsd\n", System.StringComparison.Ordinal) != true)
        {
            return [];
        }

        string? ours = Device(source);
        return namespaces
            .Where(one => one.Pid is not null && one.Inode != system)
            .Select(one => (one.Inode, Root: source.InRoot(string.Create(CultureInfo.InvariantCulture, $"/proc/{one.Pid}/root"))))
            .Select(one => (one.Inode, one.Root, Device: Device(one.Root)))
            .Where(one => one.Device is not null && one.Device != ours)
            .GroupBy(one => one.Device)
            .Where(same => same.Count() == 1)
            .SelectMany(same => same)
            .SelectMany(one => NfsPorts(one.Root).Select(service => (one.Inode, service)));
    }

    private static string? Device(ISource where) => where.Status(PortList).Text?.Split(' ')[0];

    private IEnumerable<KernelService> Smb()
    {
        Answer answer = source.File(SmbStatistics);
        if (!_gaps.Check(answer, "port of the kernel's SMB server"))
        {
            yield break;
        }

        KsmbdStats stats = KsmbdStats.Parse(answer.Text!);
        if (stats.Error is not null)
        {
            _gaps.Add("port of the kernel's SMB server", $"{SmbStatistics}: {stats.Error}");
        }

        if (stats.Port is int port)
        {
            yield return new KernelService("ksmbd", Protocol.Tcp, null, port, SmbStatistics);
        }
    }

    /// <summary>
    /// NFS's lock server and the client's channel for callbacks have a port in a file only where somebody set one
    /// (nfs(5), lockd's nlm_tcpport), and then whether they run or not: their threads tell that.
    /// </summary>
    private IEnumerable<KernelService> LockPorts()
    {
        KernelService[] set =
        [
            .. PortIn("/proc/sys/fs/nfs/nlm_tcpport", "lockd", Protocol.Tcp),
            .. PortIn("/proc/sys/fs/nfs/nlm_udpport", "lockd", Protocol.Udp),
            .. PortIn("/sys/module/nfs/parameters/callback_tcpport", "nfs-callback", Protocol.Tcp),
        ];
        HashSet<string> threads = set.Length == 0 ? [] : KernelThreads.Names(source);
        return set.Where(service => threads.Contains(service.Name == "lockd" ? "lockd" : "NFSv4 callback"));
    }

    private IEnumerable<KernelService> PortIn(string path, string name, Protocol protocol)
    {
        Answer answer = source.File(path);
        if (_gaps.Check(answer, $"port of the kernel's {name}") && PortNumber.Parse(answer.Text) is int port)
        {
            yield return new KernelService(name, protocol, null, port, path);
        }
    }
}
