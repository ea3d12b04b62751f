using System.Linq;
using Portcullis.Os.Linux.Kernel;
using Portcullis.Os.Linux.Native;
using Xunit;

namespace Portcullis.Tests.Linux.Kernel;

/// <summary>The kernel of the test machines has none of these services: the trees are as the kernel's sources make them.</summary>
public sealed class KernelServiceFilesTests
{
    private const ulong Host = 4026531840;
    private const ulong Other = 4026532345;
    private const string RootOfIt = "/proc/9/root";
    private const string Targets = "/sys/kernel/config/target/iscsi/iqn.2026-11.test:disk";

    private readonly MemorySource _source = new MemorySource()
        .Link("/proc/1/ns/net", $"net:[{Host}]")
        .File("/proc/filesystems", "nodev\tsysfs\nnodev\tnfsd\n");

    [Fact]
    public void Nfs_server_and_smb_server_are_told_in_the_systems_namespace()
    {
        _source.File("/proc/fs/nfsd/portlist", "tcp 2049\nudp 2049\n").File("/sys/class/ksmbd-control/stats", "2 running 445 1\n");

        Assert.Equal([$"{Host} nfsd Tcp  2049", $"{Host} nfsd Udp  2049", $"{Host} ksmbd Tcp  445"], Read());
    }

    [Fact]
    public void Lock_server_is_told_only_while_its_thread_runs()
    {
        _source.File("/proc/sys/fs/nfs/nlm_tcpport", "32803\n").File("/proc/sys/fs/nfs/nlm_udpport", "0\n");
        Assert.Empty(Read());

        _source.File("/proc/2/task/2/children", "3 77 ").File("/proc/3/stat", Thread("rcu_gp", kernel: true)).File("/proc/77/stat", Thread("lockd", kernel: false));
        Assert.Empty(Read());

        _source.File("/proc/77/stat", Thread("lockd", kernel: true));
        Assert.Equal([$"{Host} lockd Tcp  32803"], Read());
    }

    [Fact]
    public void Portals_of_iscsi_are_told_with_their_addresses()
    {
        _source.Directory($"{Targets}/tpgt_1/np/192.0.2.1:3260").Directory($"{Targets}/tpgt_1/np/[::]:3261").Directory("/sys/kernel/config/target/iscsi/discovery_auth");
        Assert.Equal([$"{Host} iscsi-target Tcp 192.0.2.1 3260", $"{Host} iscsi-target Tcp :: 3261"], Read());
        Assert.Empty(Gaps());

        _source.Directory($"{Targets}/tpgt_1/np/elsewhere");
        Assert.Single(Gaps());
    }

    [Fact]
    public void Port_of_nvme_is_told_once_a_subsystem_is_linked_to_it()
    {
        const string Port = "/sys/kernel/config/nvmet/ports/1";
        _source.File($"{Port}/addr_trtype", "tcp\n").File($"{Port}/addr_traddr", "0.0.0.0\n").File($"{Port}/addr_trsvcid", "4420\n").Directory($"{Port}/subsystems");
        Assert.Empty(Read());

        _source.Link($"{Port}/subsystems/disk", "../../../subsystems/disk");
        Assert.Equal([$"{Host} nvmet Tcp 0.0.0.0 4420"], Read());

        _source.File($"{Port}/addr_trtype", "rdma\n");
        Assert.Empty(Read());
    }

    [Fact]
    public void Clusters_are_told_where_they_are_in_use()
    {
        const string Node = "/sys/kernel/config/cluster/c/node/one";
        _source.File("/sys/kernel/config/dlm/cluster/tcp_port", "21064\n").File("/sys/kernel/config/dlm/cluster/protocol", "1\n")
            .File($"{Node}/local", "0\n").File($"{Node}/ipv4_port", "7777\n").File($"{Node}/ipv4_address", "192.0.2.1\n");
        Assert.Empty(Read());

        _source.Directory("/sys/kernel/dlm/clvmd").File($"{Node}/local", "1\n");
        Assert.Equal([$"{Host} dlm Sctp  21064", $"{Host} ocfs2 Tcp 192.0.2.1 7777"], Read());
    }

    [Fact]
    public void Container_that_serves_nfs_itself_is_known_by_a_file_system_of_its_own()
    {
        _source.File("/proc/fs/nfsd/portlist", "tcp 2049\n").File($"{RootOfIt}/proc/fs/nfsd/portlist", "tcp 12049\n");
        Assert.Equal([$"{Host} nfsd Tcp  2049"], Read());

        _source.Device($"{RootOfIt}/", 57);
        Assert.Equal([$"{Host} nfsd Tcp  2049", $"{Other} nfsd Tcp  12049"], Read());
    }

    [Fact]
    public void Whose_ports_they_are_is_not_guessed_and_what_is_refused_is_a_gap()
    {
        _source.File("/proc/fs/nfsd/portlist", "tcp 2049\n").Refuse("/proc/fs/nfsd/portlist", Errno.EACCES);
        Assert.Empty(Read());
        Assert.Equal("run as root", Assert.Single(Gaps()).Remedy);

        Assert.Empty(new KernelServiceFiles(new MemorySource().File("/proc/fs/nfsd/portlist", "tcp 2049\n")).Read([(Host, null)]).Services);
    }

    [Fact]
    public void Machine_without_such_services_has_neither_services_nor_gaps()
    {
        Assert.Empty(Read());
        Assert.Empty(Gaps());
    }

    [Fact]
    public void Hostile_files_are_survived() => Text.TextFuzz.Run("2 running 445 1\ntcp 2049\n3 77 \n", text =>
    {
        foreach (string path in new[] { "/proc/fs/nfsd/portlist", "/sys/class/ksmbd-control/stats", "/proc/2/task/2/children", "/proc/77/stat", "/proc/sys/fs/nfs/nlm_tcpport" })
        {
            _source.File(path, text);
        }

        _ = Read();
    });

    private static string Thread(string name, bool kernel) =>
        $"77 ({name}) S 2 0 0 0 -1 {(kernel ? 0x208040 : 0x40)} 0 0 0 0 0 0 0 0 20 0 1 0 55 0 0\n";

    private KernelServiceFiles.Found Found() => new KernelServiceFiles(_source).Read([(Host, null), (Other, 9)]);

    private System.Collections.Immutable.ImmutableArray<Core.Model.Gap> Gaps() => Found().Gaps;

    private string[] Read() => [.. Found().Services.Select(static one => $"{one.Namespace} {one.Service.Name} {one.Service.Protocol} {one.Service.Address} {one.Service.Port}")];
}
