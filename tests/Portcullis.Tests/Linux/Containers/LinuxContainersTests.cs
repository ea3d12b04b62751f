using System;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Containers;
using Portcullis.Os.Linux.Native;
using Xunit;

namespace Portcullis.Tests.Linux.Containers;

public sealed class LinuxContainersTests
{
    private const string Web = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Pod = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Running = "{\"Name\":\"/web\",\"State\":{\"Running\":true,\"Pid\":7},\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}}}";

    private readonly MemorySource _source = new();

    [Fact]
    public void A_running_container_of_docker_is_told_though_it_holds_no_socket()
    {
        _source.File($"/var/lib/docker/containers/{Web}/config.v2.json", Running).File("/proc/7/cgroup", $"0::/system.slice/docker-{Web}.scope\n").File("/proc/7/ns/net", "x");

        ContainerFacts container = Assert.Single(Describe().Containers);

        Assert.Equal(("docker", Web, "web"), (container.Engine, container.Id, container.Name));
        Assert.Equal(8080, Assert.Single(container.Published).Port);
        Assert.NotNull(container.Namespace);
    }

    [Fact]
    public void A_number_that_now_belongs_to_another_process_gives_no_namespace()
    {
        _source.File($"/var/lib/docker/containers/{Web}/config.v2.json", Running).File("/proc/7/cgroup", "0::/system.slice/ssh.service\n").File("/proc/7/ns/net", "x");

        Assert.Null(Assert.Single(Describe().Containers).Namespace);
    }

    [Fact]
    public void A_stopped_container_is_left_out_and_data_root_is_heeded()
    {
        _source.File("/etc/docker/daemon.json", "{\"data-root\":\"/srv/d\"}")
            .File($"/srv/d/containers/{Web}/config.v2.json", Running.Replace("true", "false", StringComparison.Ordinal))
            .File($"/srv/d/containers/{Pod}/config.v2.json", Running)
            .File($"/var/lib/docker/containers/{Web}/config.v2.json", Running);

        Assert.Equal(Pod, Assert.Single(Describe().Containers).Id);
    }

    [Fact]
    public void Containers_are_known_by_the_groups_of_processes()
    {
        _source.File("/var/lib/containers/storage/overlay-containers/containers.json", $"[{{\"id\":\"{Pod}\",\"names\":[\"db\"]}}]");

        ContainerInventory inventory = Describe($"/machine.slice/libpod-{Pod}.scope", "/machine.slice/systemd-nspawn@box.service/payload", "/system.slice/ssh.service", $"/docker/{Web}");

        Assert.Equal(["docker  5", "nspawn box 5", "podman db 5"], inventory.Containers.Select(static one => $"{one.Engine} {one.Name} {one.Namespace}"));
        Assert.Empty(inventory.Gaps);
    }

    [Fact]
    public void A_users_containers_are_named_by_the_files_in_the_home_directory()
    {
        _source.File("/etc/passwd", "ann:x:1000:1000::/home/ann:/bin/sh\n")
            .File("/home/ann/.local/share/containers/storage/vfs-containers/containers.json", $"[{{\"id\":\"{Pod}\",\"names\":[\"mine\"]}}]");

        Assert.Equal("mine", Assert.Single(Describe($"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{Pod}.scope").Containers).Name);
    }

    [Fact]
    public void Podmans_container_is_known_by_the_watcher_that_holds_its_ports()
    {
        // As Podman 4.3 and 5.4 start it: in a scope of its own, and, with --cgroups=disabled, in none.
        ProcessFacts conmon = new()
        {
            Pid = 1,
            Parent = 0,
            Name = "conmon",
            Cgroup = $"/machine.slice/libpod-conmon-{Pod}.scope",
            CommandLine = ["/usr/bin/conmon", "-c", Pod, "-n", "shop", "--exit-command", "/usr/bin/podman"],
        };
        foreach (ProcessFacts process in new[] { conmon, conmon with { Cgroup = "/" }, conmon with { CommandLine = ["conmon", "-n", "shop"] } })
        {
            ContainerFacts container = Assert.Single(new LinuxContainers(_source).Describe([process]).Containers);
            Assert.Equal(("podman", Pod, "shop"), (container.Engine, container.Id, container.Name));
            Assert.Empty(container.Published);
        }

        foreach (ProcessFacts other in new[] { conmon with { Name = "x" }, conmon with { Cgroup = "/", CommandLine = ["conmon", "-c", Pod] }, conmon with { Cgroup = $"/crio-conmon-{Pod}.scope", CommandLine = [] } })
        {
            Assert.Empty(new LinuxContainers(_source).Describe([other]).Containers);
        }
    }

    [Fact]
    public void Ports_that_netavark_keeps_are_told_and_the_volatile_containers_name()
    {
        const string Folder = "/run/containers/networks/firewall/ports";
        _source.File($"{Folder}/net_{Pod}", $"{{\"container_id\":\"{Pod}\",\"port_mappings\":[{{\"container_port\":80,\"host_ip\":\"\",\"host_port\":8090,\"protocol\":\"tcp\",\"range\":2}}]}}")
            .File($"{Folder}/two_{Pod}", $"{{\"container_id\":\"{Pod}\",\"port_mappings\":[{{\"container_port\":80,\"host_ip\":\"\",\"host_port\":8090,\"protocol\":\"tcp\",\"range\":1}}]}}")
            .File("/run/containers/storage/overlay-containers/volatile-containers.json", $"[{{\"id\":\"{Pod}\",\"names\":[\"brief\"]}}]");
        ContainerInventory inventory = Describe();
        ContainerFacts container = Assert.Single(inventory.Containers);

        Assert.Equal("brief", container.Name);
        Assert.Equal(["0.0.0.0:8090 80", "0.0.0.0:8091 81"], container.Published.Select(static one => $"{one.Address}:{one.Port} {one.ContainerPort}"));
        Assert.Empty(inventory.Gaps);

        _source.File($"{Folder}/net_{Pod}", "{");
        Assert.Single(Describe().Gaps);
    }

    [Fact]
    public void Who_is_behind_an_ordinary_users_ports_is_a_gap()
    {
        ProcessFacts forwarder = new() { Pid = 7, Parent = 1, Name = "rootlessport", User = "ann" };

        Assert.Equal("run \"podman ps\" as ann", Assert.Single(new LinuxContainers(_source).Describe([forwarder]).Gaps).Remedy);
        Assert.Single(new LinuxContainers(_source).Describe([forwarder with { Name = "pasta.avx2" }]).Gaps);
        Assert.Empty(new LinuxContainers(_source).Describe([forwarder with { Name = "antipasta" }]).Gaps);
    }

    [Fact]
    public void What_cannot_be_read_or_understood_is_a_gap()
    {
        _source.File($"/var/lib/docker/containers/{Web}/config.v2.json", "{").File("/var/lib/containers/storage/overlay-containers/containers.json", "3");
        Assert.Equal(2, Describe($"/machine.slice/libpod-{Pod}.scope").Gaps.Length);

        _source.Refuse("/var/lib/docker/containers", Errno.EACCES);
        Assert.Contains(Describe().Gaps, static gap => gap.Remedy == "run as root");
    }

    [Fact]
    public void A_machine_without_engines_has_neither_containers_nor_gaps()
    {
        Assert.Empty(Describe("/system.slice/ssh.service").Containers);
        Assert.Empty(Describe().Gaps);
    }

    private ContainerInventory Describe(params string[] groups) => new LinuxContainers(_source).Describe(
        [.. groups.Select(static (group, at) => new ProcessFacts { Pid = at + 1, Parent = 0, Name = "x", Cgroup = group, Namespace = 5 })]);
}
