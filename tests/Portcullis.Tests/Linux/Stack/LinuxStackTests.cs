using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;
using Portcullis.Os.Linux.Stack;
using Portcullis.Tests.Text;
using Xunit;

namespace Portcullis.Tests.Linux.Stack;

public sealed class LinuxStackTests
{
    private readonly MemorySource _files = new MemorySource().Link("/proc/self/ns/net", "net:[4026531840]")
        .File("/proc/sys/net/ipv4/ip_forward", "0\n").File("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n").File("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");

    [Fact]
    public void Switches_of_the_stack_and_of_each_interface_are_read()
    {
        StackInventory stack = Read(Link("eth0.100", new() { [LinkSettings.IPV4_DEVCONF_RP_FILTER] = 2 }, new() { [LinkSettings.DEVCONF_ACCEPT_RA] = 1 }));

        Assert.Empty(stack.Gaps);
        Assert.Equal("2", Value(stack, "net.ipv4.conf.eth0/100.rp_filter"));
        Assert.Equal("1", Value(stack, "net.ipv6.conf.eth0/100.accept_ra"));
        Assert.Equal("0", Value(stack, "net.ipv4.conf.all.rp_filter"));
        Assert.Equal("32768 60999", Value(stack, "net.ipv4.ip_local_port_range"));
        Assert.Null(Value(stack, "net.ipv4.tcp_syncookies"));
        Assert.Equal(stack.Settings!.Value.Select(one => one.Name).Order(StringComparer.Ordinal), stack.Settings.Value.Select(one => one.Name));
    }

    [Fact]
    public void Kernel_without_ipv6_has_no_switches_of_it()
    {
        StackInventory stack = Read(Link("eth0", new() { [LinkSettings.IPV4_DEVCONF_RP_FILTER] = 2 }, null));

        Assert.Empty(stack.Gaps);
        Assert.DoesNotContain(stack.Settings!.Value, one => one.Name.StartsWith("net.ipv6", StringComparison.Ordinal));
    }

    [Fact]
    public void Refusal_is_a_gap_and_no_switch()
    {
        _files.Refuse("/proc/sys/net/ipv4/tcp_syncookies", Errno.EACCES);

        StackInventory stack = Read(Link("eth0", [], []));

        Assert.Null(Value(stack, "net.ipv4.tcp_syncookies"));
        Assert.Equal(new Gap("1 switch of the TCP/IP stack", "permission denied", "run as root"), Assert.Single(stack.Gaps) with { Why = "permission denied" });
    }

    [Fact]
    public void Nothing_to_be_read_is_not_read_and_told()
    {
        StackInventory stack = new LinuxStack(new MemorySource(), new OneAnswer(Answer.Of(Link("eth0", [], [])))).Read();

        Assert.Null(stack.Settings);
        Assert.Single(stack.Gaps);
    }

    [Fact]
    public void Interfaces_that_cannot_be_asked_are_a_gap()
    {
        StackInventory refused = new LinuxStack(_files, new OneAnswer(Answer.Refused(Errno.EPERM))).Read();
        StackInventory broken = Read(Link("eth0", [], [])[..^3]);

        Assert.Contains("interfaces", Assert.Single(refused.Gaps).What, StringComparison.Ordinal);
        Assert.Contains("interfaces", Assert.Single(broken.Gaps).What, StringComparison.Ordinal);
        Assert.NotNull(refused.Settings);
    }

    [Fact]
    public void File_that_sets_a_switch_is_named_only_where_it_still_has_its_word()
    {
        _files.File("/etc/sysctl.d/50-a.conf", "# speed\nnet/ipv4/ip_forward = 1\n")
            .File("/usr/lib/sysctl.d/50-a.conf", "net.ipv4.ip_forward=0\n") // replaced by the one in /etc
            .File("/etc/sysctl.d/60-b.conf", "net.ipv4.ip_local_port_range = 32768   60999\nnet.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\nkernel.x.y = 1\n");

        StackInventory stack = Read(Link("eth0", new() { [LinkSettings.IPV4_DEVCONF_RP_FILTER] = 2 }, []));

        Assert.Null(Setter(stack, "net.ipv4.ip_forward"));
        Assert.Equal("/etc/sysctl.d/60-b.conf:1", Setter(stack, "net.ipv4.ip_local_port_range"));
        Assert.Equal("/etc/sysctl.d/60-b.conf:2", Setter(stack, "net.ipv4.conf.eth0.rp_filter"));
        Assert.Null(Setter(stack, "net.ipv4.conf.all.rp_filter"));

        _files.File("/etc/sysctl.conf", "net.ipv4.ip_forward=0");
        Assert.Equal("/etc/sysctl.conf:1", Setter(Read(Link("eth0", [], [])), "net.ipv4.ip_forward"));
    }

    [Fact]
    public void Row_of_an_interface_survives_truncation_and_noise()
    {
        byte[] row = Link("eth0", new() { [LinkSettings.IPV4_DEVCONF_RP_FILTER] = 2 }, new() { [LinkSettings.DEVCONF_ACCEPT_RA] = 1 })[16..];
        Assert.True(LinkSettings.TryDecode(row, out LinkSettings whole));
        Assert.Equal((2, 1), (whole.V4(LinkSettings.IPV4_DEVCONF_RP_FILTER), whole.V6(LinkSettings.DEVCONF_ACCEPT_RA)));
        Assert.Equal((null, null, null), (whole.V4(0), whole.V4(500), whole.V6(-1)));
        Assert.Null(default(LinkSettings).V4(1));

        TextFuzz.RunBytes(row, bytes =>
        {
            if (LinkSettings.TryDecode(bytes, out LinkSettings link))
            {
                _ = link.V4(LinkSettings.IPV4_DEVCONF_RP_FILTER);
                _ = link.V6(LinkSettings.DEVCONF_DISABLE_IPV6);
            }
        });
    }

    [Fact]
    public void Configuration_survives_noise() => TextFuzz.Run(
        "net.ipv4.conf.*.rp_filter = 2\n-net/ipv4/conf/eth0.1/rp_filter\n;x\n = \n",
        text =>
        {
            _files.File("/etc/sysctl.conf", text);
            _ = SysctlFiles.Read(_files).SetterOf("net.ipv4.conf.eth0.rp_filter", "2");
        });

    private static string? Value(StackInventory stack, string name) => stack.Settings!.Value.SingleOrDefault(one => one.Name == name)?.Value;

    private static string? Setter(StackInventory stack, string name) => stack.Settings!.Value.Single(one => one.Name == name).SetBy;

    private StackInventory Read(byte[] links) => new LinuxStack(_files, new OneAnswer(Answer.Of(links))).Read();

    /// <summary>A whole message of the kernel about one interface; null leaves a family out.</summary>
    private static byte[] Link(string name, Dictionary<int, int> ipv4, Dictionary<int, int>? ipv6)
    {
        byte[] families =
        [
            .. Attribute(2, Attribute(1, Array(ipv4, 1))),
            .. ipv6 is null ? [] : Attribute(10, [.. Attribute(1, BitConverter.GetBytes(0u)), .. Attribute(2, Array(ipv6, 0))]),
        ];
        byte[] payload = [.. new byte[16], .. Attribute(3, Encoding.ASCII.GetBytes(name + "\0")), .. Attribute(26, families)];
        return [.. BitConverter.GetBytes(payload.Length + 16), .. BitConverter.GetBytes(RouteLink.RTM_NEWLINK), 0, 0, .. new byte[8], .. payload];
    }

    private static byte[] Array(Dictionary<int, int> values, int first) =>
        [.. Enumerable.Range(first, 33).SelectMany(number => BitConverter.GetBytes(values.GetValueOrDefault(number)))];

    private static byte[] Attribute(int type, byte[] value) =>
        [.. BitConverter.GetBytes((ushort)(value.Length + 4)), .. BitConverter.GetBytes((ushort)type), .. value, .. new byte[(4 - (value.Length % 4)) % 4]];

    private sealed class OneAnswer(Answer links) : INetworkSource, INetworkDoor
    {
        public int Visit(NamespaceHandle network, Action<INetworkDoor> visit)
        {
            visit(this);
            return 0;
        }

        public Answer Ask(int protocol, byte[] request) => links;

        public Answer Programs(uint attachment, int index) => Answer.Refused(Errno.EINVAL);

        public Answer ProcNet(string name) => Answer.Refused(Errno.ENOENT);

        public Answer Option(int level, int option, byte[] question, int length) => Answer.Refused(Errno.ENOENT);

        public Answer WireGuardPort(int index) => Answer.Refused(Errno.ENOENT);
    }
}
