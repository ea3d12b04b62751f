using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Xunit;
using static Portcullis.Tests.Analysis.Facts;

namespace Portcullis.Tests.Analysis;

public sealed class ListenerTableTests
{
    [Fact]
    public void Listener_of_a_service_is_known_by_its_unit()
    {
        Listener listener = One(Snapshot(Tcp("0.0.0.0", 443, 812)) with
        {
            Processes = [Process(812, "/usr/sbin/nginx", "nginx.service", Package("nginx"))],
            Units = [Unit("nginx.service")],
        });

        Assert.Equal("tcp/any/ipv4/443/nginx.service", listener.Key);
        Assert.Equal("enabled", listener.Unit?.Enabled);
        Assert.Equal("nginx", listener.Package?.Name);
        Assert.Equal("https", listener.Service.Name);
        Assert.Null(listener.ActivatedBy);
    }

    [Theory]
    [InlineData("::", false, AddressFamily.Dual)]
    [InlineData("::", true, AddressFamily.Ipv6)]
    [InlineData("::", null, AddressFamily.Dual)]
    [InlineData("::1", true, AddressFamily.Ipv6)]
    [InlineData("::ffff:10.0.0.1", false, AddressFamily.Ipv4)]
    [InlineData("0.0.0.0", null, AddressFamily.Ipv4)]
    public void Family_follows_address_and_v6only(string address, bool? v6Only, AddressFamily family) =>
        Assert.Equal(family, One(Snapshot(Tcp(address, 80) with { V6Only = v6Only })).Family);

    [Fact]
    public void Mapped_address_is_shown_as_the_ipv4_address_it_carries()
    {
        Listener listener = One(Snapshot(Tcp("::ffff:127.0.0.1", 8005)));

        Assert.Equal(IpAddress.Parse("127.0.0.1"), listener.Address);
        Assert.Equal(Scope.Loopback, listener.Scope);
    }

    [Fact]
    public void Reuseport_group_of_one_holder_is_one_listener_and_of_two_holders_two()
    {
        SocketFacts first = Udp("0.0.0.0", 5353, 10);
        SocketFacts second = first with { Inode = 2, Holders = [10] };
        SocketFacts stranger = first with { Inode = 3, Holders = [11] };
        ImmutableArray<Listener> listeners = Listeners(Snapshot(first, second, stranger) with
        {
            Processes = [Process(10, "/usr/sbin/avahi-daemon", "avahi-daemon.service"), Process(11, "/opt/chromium")],
            Units = [Unit("avahi-daemon.service")],
        });

        Assert.Equal(["udp/any/ipv4/5353/%2Fopt%2Fchromium", "udp/any/ipv4/5353/avahi-daemon.service"], listeners.Select(one => one.Key));
        Assert.Equal([1, 2], listeners.Select(one => one.Sockets));
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(null, false, null)]
    [InlineData(null, true, true)]
    public void Listener_shares_its_port_where_one_of_its_sockets_does(bool? one, bool? other, bool? expected)
    {
        SocketFacts first = Udp("0.0.0.0", 5353) with { ReusePort = one };

        Assert.Equal(expected, One(Snapshot(first, first with { Inode = 2, ReusePort = other })).ReusePort);
        Assert.Equal(one, One(Snapshot(first)).ReusePort);
    }

    [Fact]
    public void Session_scope_and_transient_unit_never_name_a_listener()
    {
        ProcessFacts packaged = Process(10, "/usr/bin/python3.11", package: Package("python3.11-minimal"));
        Assert.Equal("tcp/any/ipv4/8000/python3.11-minimal", One(Snapshot(Tcp("0.0.0.0", 8000, 10)) with { Processes = [packaged] }).Key);

        ProcessFacts bare = Process(10, "/opt/app", "run-u5.service");
        Snapshot transient = Snapshot(Tcp("0.0.0.0", 8000, 10)) with { Processes = [bare], Units = [Unit("run-u5.service") with { Transient = true }] };
        Assert.Equal("tcp/any/ipv4/8000/%2Fopt%2Fapp", One(transient).Key);
    }

    [Fact]
    public void Socket_that_the_manager_holds_belongs_to_its_socket_unit()
    {
        Snapshot snapshot = Snapshot(Tcp("::", 9090, 1)) with
        {
            Processes = [Manager],
            Units = [Unit("cockpit.socket", Package("cockpit-ws")) with { Listens = ["ListenStream=9090"], Activates = "cockpit.service" }, Unit("other.socket") with { Listens = ["ListenStream=9091"] }],
        };

        Listener listener = One(snapshot);

        Assert.Equal("cockpit.socket", listener.Unit?.Name);
        Assert.Equal("cockpit-ws", listener.Package?.Name);
        Assert.Equal("tcp/any/dual/9090/cockpit.socket", listener.Key);
    }

    [Fact]
    public void Key_of_an_activated_socket_stays_when_the_service_starts()
    {
        Snapshot idle = Snapshot(Tcp("0.0.0.0", 111, 1)) with
        {
            Processes = [Manager, Process(300, "/usr/sbin/rpcbind", "rpcbind.service", Package("rpcbind"))],
            Units =
            [
                Unit("rpcbind.service", Package("rpcbind")) with { ActivatedBy = "rpcbind.socket" },
                Unit("rpcbind.socket", Package("rpcbind")) with { Listens = ["ListenStream=0.0.0.0:111"], Activates = "rpcbind.service" },
            ],
        };
        Snapshot active = idle with { Sockets = [Tcp("0.0.0.0", 111, 1, 300)] };

        Assert.Equal(One(idle).Key, One(active).Key);
        Assert.Equal("rpcbind.service", One(active).Unit?.Name);
        Assert.Equal("rpcbind.socket", One(active).ActivatedBy);
    }

    [Fact]
    public void Service_that_binds_itself_is_not_called_activated()
    {
        Snapshot snapshot = Snapshot(Tcp("0.0.0.0", 22, 400)) with
        {
            Processes = [Process(400, "/usr/sbin/sshd", "ssh.service", Package("openssh-server"))],
            Units =
            [
                Unit("ssh.service") with { ActivatedBy = "ssh.socket" },
                Unit("ssh.socket") with { Listens = ["ListenStream=22"], Activates = "ssh.service", Enabled = "disabled" },
            ],
        };

        Assert.Null(One(snapshot).ActivatedBy);
        Assert.Equal("tcp/any/ipv4/22/ssh.service", One(snapshot).Key);
    }

    [Fact]
    public void Super_servers_port_names_the_program_it_starts()
    {
        Snapshot snapshot = Snapshot(Tcp("0.0.0.0", 23, 500), Tcp("0.0.0.0", 13, 500)) with
        {
            Processes = [Process(500, "/usr/sbin/inetd", "inetd.service", Package("openbsd-inetd"))],
            Units = [Unit("inetd.service")],
            SuperServers =
            [
                new SuperServerEntry { Server = "inetd", Service = "telnet", Protocol = Protocol.Tcp, Port = 23, Program = "/usr/sbin/telnetd", Source = "/etc/inetd.conf:1", Package = Package("inetutils-telnetd") },
                new SuperServerEntry { Server = "inetd", Service = "daytime", Protocol = Protocol.Tcp, Port = 13, Program = null, Source = "/etc/inetd.conf:2" },
            ],
        };
        ImmutableArray<Listener> listeners = Listeners(snapshot);

        Assert.Equal("inetutils-telnetd", listeners.Single(one => one.Port == 23).Package?.Name);
        Assert.Equal("openbsd-inetd", listeners.Single(one => one.Port == 13).Package?.Name);
        Assert.Equal("daytime", listeners.Single(one => one.Port == 13).SuperServer?.Service);
    }

    [Fact]
    public void Scripts_package_comes_before_the_interpreters()
    {
        ProcessFacts daemon = Process(600, "/usr/bin/python3.11", "firewalld.service", Package("python3.11-minimal"));
        Snapshot snapshot = Snapshot(Tcp("0.0.0.0", 8000, 600)) with { Units = [Unit("firewalld.service", Package("firewalld"))] };

        Assert.Equal("script", One(snapshot with { Processes = [daemon with { ScriptPackage = Package("script") }] }).Package?.Name);
        Assert.Equal("firewalld", One(snapshot with { Processes = [daemon] }).Package?.Name);
    }

    [Fact]
    public void Kernels_tunnel_is_told_from_a_socket_whose_holder_was_not_seen()
    {
        NetworkNamespace network = Network(Host, "host");
        network = network with { Interfaces = network.Interfaces.Add(new NetworkInterface { Index = 3, Name = "vx0", Kind = "vxlan", TunnelPort = 4789 }) };
        ImmutableArray<Listener> listeners = Listeners(Snapshot(Udp("0.0.0.0", 4789), Udp("0.0.0.0", 4790), Tcp("0.0.0.0", 4789)) with { Namespaces = [network] });

        Assert.Equal(
            ["tcp/any/ipv4/4789/unknown", "udp/any/ipv4/4789/kernel", "udp/any/ipv4/4790/unknown"], listeners.Select(one => one.Key));
        Assert.Equal([null, "vxlan tunnel", null], listeners.Select(one => one.Kernel));
    }

    [Fact]
    public void Kernels_service_is_named_and_a_process_that_was_seen_comes_before_it()
    {
        NetworkNamespace host = Network(Host, "host") with
        {
            KernelServices = [new KernelService("nfsd", Protocol.Tcp, null, 2049, "x"), new KernelService("nvmet", Protocol.Tcp, IpAddress.Parse("203.0.113.7"), 4420, "x")],
        };
        ImmutableArray<Listener> listeners = Listeners(Snapshot(
            Tcp("::", 2049), Udp("0.0.0.0", 2049), Tcp("203.0.113.7", 4420), Tcp("127.0.0.1", 4420), Tcp("127.0.0.1", 2049, 10),
            Tcp("0.0.0.0", 2049) with { Namespace = 99 }, Tcp("10.0.0.1", 2049) with { Uid = 1000 }) with
        {
            Namespaces = [host, Network(99, "jail")],
            Processes = [Process(10, "/opt/ganesha")],
        });

        Assert.Equal(
            ["jail:tcp/any/ipv4/2049/unknown ", "tcp/address/ipv4/4420/kernel nvmet", "tcp/any/dual/2049/kernel nfsd", "tcp/loopback/ipv4/2049/%2Fopt%2Fganesha ",
             "tcp/loopback/ipv4/4420/unknown ", "tcp/private/ipv4/2049/unknown ", "udp/any/ipv4/2049/unknown "],
            listeners.Select(one => $"{one.Key} {one.Kernel}"));
    }

    [Fact]
    public void Port_that_podman_publishes_is_the_containers_though_its_watcher_holds_it()
    {
        string id = new('b', 64);
        ProcessFacts conmon = Process(10, "/usr/bin/conmon", package: Package("conmon")) with { Cgroup = $"/machine.slice/libpod-conmon-{id}.scope", CommandLine = ["conmon", "-n", "shop"] };
        ContainerFacts shop = new() { Engine = "podman", Id = id, Name = "shop", Published = [new PublishedPort(Protocol.Tcp, IpAddress.AnyV4, 7031, 80)] };
        Snapshot snapshot = Snapshot(Tcp("0.0.0.0", 7031, 10), Udp("127.0.0.1", 7032, 10)) with { Processes = [conmon], Containers = [shop] };

        Assert.Equal(
            ["tcp/any/ipv4/7031/shop 0.0.0.0:7031 80", "udp/loopback/ipv4/7032/shop 127.0.0.1:7032 "],
            Listeners(snapshot).Select(one => $"{one.Key} {one.Published?.Address}:{one.Published?.Port} {one.Published?.ContainerPort}"));

        // Where a unit of somebody's own started it, that is the more lasting name; and the watcher's name alone proves nothing.
        Snapshot unit = snapshot with { Processes = [conmon with { Cgroup = "/system.slice/shop.service", CommandLine = ["conmon", "-c", id, "-n", "shop", "--exit-command", "/usr/bin/podman"] }], Units = [Unit("shop.service")] };
        Assert.Equal(("tcp/any/ipv4/7031/shop.service", "shop"), Listeners(unit).Select(one => (one.Key, one.Container?.Name)).First());
        Snapshot stranger = snapshot with { Processes = [conmon with { Cgroup = "/", CommandLine = ["conmon"] }], Containers = [] };
        Assert.Equal(("tcp/any/ipv4/7031/conmon", null), Listeners(stranger).Select(one => (one.Key, one.Published)).First());
    }

    [Fact]
    public void Other_namespace_stands_in_front_of_the_key()
    {
        Listener listener = One(Snapshot(Tcp("0.0.0.0", 7777, 10) with { Namespace = 99 }) with
        {
            Namespaces = [Network(Host, "host"), Network(99, "a:b/c")],
            Processes = [Process(10, "/opt/x y")],
        });

        Assert.Equal("a%3Ab%2Fc:tcp/any/ipv4/7777/%2Fopt%2Fx%20y", listener.Key);
    }

    [Fact]
    public void Packet_socket_is_a_listener_without_address()
    {
        Listener listener = One(Snapshot(Socket(Protocol.Packet, null, 0) with { LinkProtocol = 3, FilterLength = 11, Interface = 2 }));

        Assert.Equal("packet/link/packet/0/unknown", listener.Key);
        Assert.Equal("eth0", listener.Interface);
        Assert.Null(listener.Address);
    }

    private static Listener One(Snapshot snapshot) => Assert.Single(Listeners(snapshot));
}
