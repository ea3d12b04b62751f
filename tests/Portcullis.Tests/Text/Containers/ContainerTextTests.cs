using System;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Containers;
using Xunit;

namespace Portcullis.Tests.Text.Containers;

public sealed class ContainerTextTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Docker =
        "{\"ID\":\"x\",\"Name\":\"/web\",\"State\":{\"Running\":true,\"Pid\":812},\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},{\"HostIp\":\"::\",\"HostPort\":\"8080\"}],\"443/tcp\":null,\"53/udp\":[{\"HostIp\":\"\",\"HostPort\":\"5353\"}]}}}";

    [Theory]
    [InlineData("/docker/ID", "docker")]
    [InlineData("/system.slice/docker-ID.scope", "docker")]
    [InlineData("/system.slice/docker-ID.scope/system.slice/x.service", "docker")]
    [InlineData("/docker/ID/docker/fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", "docker")]
    [InlineData("/ecs/task/ID", "docker")]
    [InlineData("/machine.slice/libpod-ID.scope/container", "podman")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope", "podman")]
    [InlineData("/system.slice/web.service/libpod-payload-ID", "podman")]
    [InlineData("/libpod_parent/libpod-ID", "podman")]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podx.slice/cri-containerd-ID.scope", "containerd")]
    [InlineData("/system.slice/containerd.service/kubepods-burstable-podx.slice:cri-containerd:ID", "containerd")]
    [InlineData("/kubepods.slice/kubepods-podx.slice/crio-ID.scope", "cri-o")]
    [InlineData("/kubepods/besteffort/pod1-2/ID", "kubernetes")]
    [InlineData("/default/ID", "containerd")]
    [InlineData("/system.slice/garden-ID.scope", "garden")]
    public void An_engine_names_its_groups_with_the_containers_id(string path, string engine) =>
        Assert.Equal(new ContainerGroup(engine, Id), ContainerGroup.Of(path.Replace("ID", Id, StringComparison.Ordinal)));

    [Theory]
    [InlineData("/lxc.payload.web/system.slice/x.service", "lxc", "web")]
    [InlineData("/lxc/web", "lxc", "web")]
    [InlineData("/machine.slice/systemd-nspawn@my\\x2dbox.service/payload", "nspawn", "my-box")]
    [InlineData("/machine.slice/machine-my\\x2dbox.scope", "nspawn", "my-box")]
    [InlineData("/machine.slice/machine-lxc\\x2d9\\x2dx.scope", "libvirt-lxc", "lxc-9-x")]
    public void Other_engines_name_them_by_the_containers_name(string path, string engine, string id) =>
        Assert.Equal(new ContainerGroup(engine, id), ContainerGroup.Of(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/system.slice/docker.service")]
    [InlineData("/system.slice/ssh.service")]
    [InlineData("/system.slice/docker-0123.scope")]
    [InlineData("/machine.slice/libpod-conmon-ID.scope")]
    [InlineData("/kubepods.slice/crio-conmon-ID.scope")]
    [InlineData("/lxc.monitor.web")]
    [InlineData("/machine.slice/machine-qemu\\x2d1\\x2dvm.scope")]
    [InlineData("/ID")]
    [InlineData("/system.slice/x.service/lxc/y")]
    public void What_is_no_container_or_only_its_monitor_is_not_taken_for_one(string? path) =>
        Assert.Null(ContainerGroup.Of(path?.Replace("ID", Id, StringComparison.Ordinal)));

    [Fact]
    public void Dockers_file_names_the_container_and_its_ports()
    {
        DockerContainer container = DockerContainer.Parse(Encoding.UTF8.GetBytes(Docker));

        Assert.Equal("web", container.Name);
        Assert.True(container.Running);
        Assert.Equal(812, container.Pid);
        Assert.Equal(
            ["Tcp 0.0.0.0 8080 80", "Tcp :: 8080 80", "Udp 0.0.0.0 5353 53"],
            container.Published.Select(static port => $"{port.Protocol} {port.Address} {port.Port} {port.ContainerPort}"));
        Assert.Null(container.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{\"State\":{\"Running\":\"yes\"}}")]
    [InlineData("{\"State\":3,\"Name\":{}}")]
    [InlineData("{\"State\":{\"Running\":true},\"NetworkSettings\":{\"Ports\":[]}}")]
    [InlineData("{\"State\":{\"Running\":true},\"NetworkSettings\":{\"Ports\":{\"80\":[]}}}")]
    [InlineData("{\"State\":{\"Running\":true},\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[3]}}}")]
    [InlineData("{\"State\":{\"Running\":true},\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"x\",\"HostPort\":\"1\"}]}}}")]
    [InlineData("{\"State\":{\"Running\":true},\"NetworkSettings\":{\"Ports\":{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"70000\"}]}}}")]
    public void A_file_of_another_shape_is_an_error_and_no_exception(string json) => Assert.NotNull(DockerContainer.Parse(Encoding.UTF8.GetBytes(json)).Error);

    [Fact]
    public void A_stopped_container_and_one_without_ports_are_no_errors()
    {
        DockerContainer container = DockerContainer.Parse("{\"Name\":\"/a\",\"State\":{\"Running\":false,\"Pid\":0},\"NetworkSettings\":{\"Ports\":null}}"u8.ToArray());

        Assert.False(container.Running);
        Assert.Null(container.Pid);
        Assert.Null(container.Error);
    }

    [Fact]
    public void Nesting_without_end_is_an_error() =>
        Assert.NotNull(DockerContainer.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100000)))).Error);

    [Fact]
    public void Dockers_settings_may_move_its_data()
    {
        Assert.Equal("/srv/docker", DockerSettings.Parse("{\"data-root\":\"/srv/docker/\"}"u8.ToArray()).DataRoot);
        Assert.Equal("/old", DockerSettings.Parse("{\"graph\":\"/old\"}"u8.ToArray()).DataRoot);
        Assert.Null(DockerSettings.Parse("{}"u8.ToArray()).Error);
        Assert.NotNull(DockerSettings.Parse("{\"data-root\":3}"u8.ToArray()).Error);
        Assert.NotNull(DockerSettings.Parse("{"u8.ToArray()).Error);
    }

    [Fact]
    public void Podmans_list_gives_names()
    {
        PodmanContainers containers = PodmanContainers.Parse("[{\"id\":\"a\",\"names\":[\"web\",\"x\"]},{\"id\":\"b\"}]"u8.ToArray());

        Assert.Equal("web", Assert.Single(containers.Names).Value);
        Assert.Null(containers.Error);
        Assert.NotNull(PodmanContainers.Parse("[{\"names\":[\"web\"]}]"u8.ToArray()).Error);
        Assert.NotNull(PodmanContainers.Parse("{}"u8.ToArray()).Error);
        Assert.NotNull(PodmanContainers.Parse("[3]"u8.ToArray()).Error);
    }

    [Fact]
    public void A_docker_proxy_says_on_its_command_line_what_it_stands_for()
    {
        string[] line = ["/usr/bin/docker-proxy", "-proto", "tcp", "-host-ip", "0.0.0.0", "-host-port", "8080", "-container-ip", "172.17.0.2", "-container-port=80", "-use-listen-fd"];

        DockerProxy? proxy = DockerProxy.Parse(line);

        Assert.Equal(new PublishedPort(Protocol.Tcp, IpAddress.AnyV4, 8080, 80), proxy?.Port);
        Assert.Equal("172.17.0.2", proxy?.ContainerAddress.ToString());
        Assert.Null(DockerProxy.Parse(line[..^2]));
        Assert.Null(DockerProxy.Parse([]));
        Assert.Null(DockerProxy.Parse(["nginx", .. line[1..]]));
        for (int length = 0; length < line.Length - 1; length++)
        {
            Assert.Null(DockerProxy.Parse(line[..length]));
        }
    }

    [Fact]
    public void Hostile_files_never_throw()
    {
        TextFuzz.RunBytes(Encoding.UTF8.GetBytes(Docker), static bytes =>
        {
            DockerContainer.Parse(bytes);
            DockerSettings.Parse(bytes);
            PodmanContainers.Parse(bytes);
        });
        TextFuzz.Run("[{\"id\":\"\\ud800\",\"names\":[\"\\udfff\",null,3]}]", static text => PodmanContainers.Parse(Encoding.UTF8.GetBytes(text)));
        TextFuzz.Run("/machine.slice/systemd-nspawn@my\\x2dbox.service/lxc/x/docker-" + Id + ".scope", static text =>
        {
            ContainerGroup.Of(text);
            ContainerGroup.Of("/" + text);
            DockerProxy.Parse(text.Split(' '));
        });
    }

    [Theory]
    [InlineData("{\"\\ud800/tcp\":[]}")]
    [InlineData("{\"80/tcp\":[{\"HostIp\":\"\\ud800\",\"HostPort\":\"80\"}]}")]
    [InlineData("{\"80/tcp\":[{\"\\ud800\":1}]}")]
    public void Names_that_are_no_Unicode_are_an_error_and_no_exception(string ports) =>
        Assert.NotNull(DockerContainer.Parse(Encoding.UTF8.GetBytes("{\"Name\":\"\\udfff\",\"\\ud800\":1,\"State\":{\"Running\":true},\"NetworkSettings\":{\"Ports\":" + ports + "}}")).Error);

    // Recorded from netavark 1.14 with Podman 5.4.
    private const string Netavark =
        "{\"container_id\":\"733c\",\"network_id\":\"2f25\",\"port_mappings\":[{\"container_port\":80,\"host_ip\":\"\",\"host_port\":8090,\"protocol\":\"tcp\",\"range\":1},"
        + "{\"container_port\":81,\"host_ip\":\"127.0.0.1\",\"host_port\":8091,\"protocol\":\"udp\",\"range\":1}],\"network_name\":\"podman\",\"container_ip_v6\":null}";

    [Fact]
    public void Netavarks_ports_are_read()
    {
        NetavarkPorts ports = NetavarkPorts.Parse(Encoding.UTF8.GetBytes(Netavark));

        Assert.Equal("733c", ports.Id);
        Assert.Equal(["Tcp 0.0.0.0 8090 80", "Udp 127.0.0.1 8091 81"], ports.Published.Select(static port => $"{port.Protocol} {port.Address} {port.Port} {port.ContainerPort}"));
        Assert.Null(ports.Error);
    }

    [Theory]
    [InlineData("\"host_port\":8090", "\"host_port\":0")]
    [InlineData("\"host_port\":8090,\"protocol\":\"tcp\",\"range\":1", "\"host_port\":8090,\"protocol\":\"tcp\",\"range\":65535")]
    [InlineData("\"host_ip\":\"\"", "\"host_ip\":\"here\"")]
    [InlineData("\"protocol\":\"tcp\"", "\"protocol\":\"icmp\"")]
    public void Netavarks_port_of_another_form_is_told_and_the_others_stay(string good, string bad)
    {
        NetavarkPorts ports = NetavarkPorts.Parse(Encoding.UTF8.GetBytes(Netavark.Replace(good, bad, StringComparison.Ordinal)));

        Assert.NotNull(ports.Error);
        Assert.Equal(8091, Assert.Single(ports.Published).Port);
    }

    [Fact]
    public void Reader_of_netavarks_ports_survives_noise() => TextFuzz.RunBytes(Encoding.UTF8.GetBytes(Netavark), static bytes => NetavarkPorts.Parse(bytes));
}
