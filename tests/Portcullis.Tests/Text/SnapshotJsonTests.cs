using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Text.Snapshots;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Text;

public sealed class SnapshotJsonTests
{
    private static readonly Snapshot Full = Facts.Snapshot(
        Facts.Tcp("0.0.0.0", 443, 10), Facts.Tcp("::", 80, 10) with { V6Only = true }, Facts.Socket(Protocol.Packet, null, 0) with { LinkProtocol = 3, FilterLength = 2 }) with
    {
        Namespaces =
        [
            Facts.Network(Facts.Host, "host") with
            {
                KernelServices = [new KernelService("nfsd", Protocol.Tcp, null, 2049, "/proc/fs/nfsd/portlist")],
                Stack = [new StackSetting("net.ipv4.ip_forward", "0", "/etc/sysctl.conf:1")],
                Programs = [new PacketProgram { Hook = ProgramHook.Netfilter, Id = 7, Version = IpVersion.V6, Point = HookPoint.Input }],
                Rules = new RulesetDump { Messages = new byte[] { 1, 2, 255 }, LegacyTables = ["ip filter"], Legacy = [new LegacyTable("ip filter", new byte[] { 3, 4 }, new byte[] { 5, 254 })] },
            },
        ],
        GroupPrograms = [new PacketProgram { Hook = ProgramHook.Cgroup, Id = 8, Name = "sd_fw_ingress", ControlGroup = "/sys/fs/cgroup/system.slice/nginx.service", Sees = [5] }],
        Processes = [Facts.Process(10, "/usr/sbin/nginx", "nginx.service", Facts.Package("nginx")) with { Name = "ng\u001b[31m\ninx" }],
        Units = [Facts.Unit("nginx.service")],
        Stopped = [Facts.Unit("snmpd.service")],
        Containers = [new ContainerFacts { Engine = "docker", Id = "1", Published = [new PublishedPort(Protocol.Tcp, IpAddress.AnyV4, 8080, 80)] }],
        SuperServers = [new SuperServerEntry { Server = "inetd", Service = "telnet", Protocol = Protocol.Tcp, Source = "/etc/inetd.conf:1" }],
        Gaps = [new Gap("a", "b", null)],
        Raw = [new RawAnswer("file /x", 0, "text", null), new RawAnswer("file /y", 2, null, null), new RawAnswer("holders", 0, null, [0, 255])],
    };

    [Fact]
    public void Snapshot_reads_back_as_it_was_written()
    {
        byte[] written = SnapshotJson.Write(Full);

        Assert.True(SnapshotJson.TryRead(written, out Snapshot? read, out string? error), error);
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(SnapshotJson.Write(read!)));
        Assert.Equal("ng\u001b[31m\ninx", read!.Processes[0].Name);
        Assert.Equal([1, 2, 255], read.Namespaces[0].Rules!.Messages.ToArray());
        Assert.Equal((IpVersion.V6, HookPoint.Input), (read.Namespaces[0].Programs[0].Version, read.Namespaces[0].Programs[0].Point));
        Assert.Equal([5UL], read.GroupPrograms!.Value[0].Sees);
        Assert.Equal(["ip filter"], read.Namespaces[0].Rules!.LegacyTables);
        Assert.Equal(("ip filter", 4, 254), (read.Namespaces[0].Rules!.Legacy[0].Name, read.Namespaces[0].Rules!.Legacy[0].Info.Span[1], read.Namespaces[0].Rules!.Legacy[0].Entries.Span[1]));
    }

    [Fact]
    public void Snapshot_from_before_the_older_iptables_was_read_still_names_its_tables()
    {
        string written = Encoding.UTF8.GetString(SnapshotJson.Write(Full));
        int start = written.IndexOf("\"legacy\":", System.StringComparison.Ordinal);
        string older = written[..written.LastIndexOf(',', start)] + written[(written.IndexOf(']', start) + 1)..];

        Assert.True(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(older), out Snapshot? read, out string? error), error);
        Assert.Equal(["ip filter"], read!.Namespaces[0].Rules!.LegacyTables);
        Assert.Empty(read.Namespaces[0].Rules!.Legacy);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("null", "null")]
    [InlineData("[]", "line 1")]
    [InlineData("{}", "required")]
    [InlineData("{\"schema\": 5", "$.schema")]
    [InlineData("hello", "line 1, column 1")]
    public void File_of_another_shape_is_refused_with_its_place(string text, string part)
    {
        Assert.False(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(text), out Snapshot? snapshot, out string? error));
        Assert.Null(snapshot);
        Assert.Contains(part, error, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"port\": 443", "\"port\": 65536", "$.sockets[0].port: 65536")]
    [InlineData("\"port\": 443", "\"port\": -1", "-1 is no port")]
    [InlineData("\"port\": 443", "\"port\": \"443\"", "$.sockets[0].port")]
    [InlineData("\"address\": \"0.0.0.0\"", "\"address\": \"0.0.0\"", "no IP address")]
    [InlineData("\"address\": \"0.0.0.0\"", "\"address\": null", "$.sockets[0].address")]
    [InlineData("\"protocol\": \"tcp\"", "\"protocol\": \"TCP!\"", "none of: tcp, udp")]
    [InlineData("portcullis/snapshot/1", "portcullis/snapshot/2", "portcullis/snapshot/2")]
    [InlineData("\"sockets\": [", "\"sockets\": null, \"x\": [", "$.sockets")]
    [InlineData("\"holders\": [", "\"holders\": [null, ", "$.sockets[0].holders")]
    [InlineData("\"holders\": [", "\"holders\": null, \"x\": [", "$.sockets[0].holders")]
    [InlineData("\"name\": \"web1\"", "\"name\": \"web1\", \"name\": \"web2\"", "Duplicate property")]
    [InlineData("\"request\": \"file /x\"", "\"request\": null", "must not be null")]
    [InlineData("\"host\": {", "\"host\": [], \"x\": {", "another kind of value is expected")]
    [InlineData("\"commandLine\": [", "\"x\": [", "processes[].commandLine: a list is missing")]
    [InlineData("\"kernelServices\": [", "\"kernelServices\": [null, ", "kernelServices: an element is null")]
    [InlineData("\"gaps\": [", "\"gaps\": [null, ", "$.gaps: an element is null")]
    [InlineData("\"stack\": [", "\"stack\": [null, ", "namespaces[].stack: an element is null")]
    [InlineData("\"value\": \"0\"", "\"value\": null", "must not be null")]
    [InlineData("\"stopped\": [", "\"stopped\": [null, ", "$.stopped: an element is null")]
    [InlineData("\"gaps\": [", "\"gaps\": null, \"x\": [", "$.gaps")]
    public void One_wrong_value_is_refused_with_its_path(string good, string bad, string part)
    {
        string text = Encoding.UTF8.GetString(SnapshotJson.Write(Full));
        int at = text.IndexOf(good, System.StringComparison.Ordinal);
        Assert.True(at >= 0, good);
        text = string.Concat(text.AsSpan(0, at), bad, text.AsSpan(at + good.Length));

        Assert.False(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(text), out _, out string? error));
        Assert.Contains(part, error, System.StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
        Assert.DoesNotContain("Portcullis.Core", error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_from_before_kernel_services_were_known_has_none()
    {
        string text = Encoding.UTF8.GetString(SnapshotJson.Write(Full)).Replace("\"kernelServices\": [", "\"other\": [", StringComparison.Ordinal);

        Assert.True(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(text), out Snapshot? read, out string? error), error);
        Assert.Empty(read!.Namespaces[0].KernelServices);
        Assert.Equal("nfsd", Assert.Single(Full.Namespaces[0].KernelServices).Name);
    }

    [Fact]
    public void Snapshot_of_an_older_version_says_nothing_of_switches_and_stopped_services()
    {
        string text = Encoding.UTF8.GetString(SnapshotJson.Write(Full with { Stopped = null, Namespaces = [Facts.Network(Facts.Host, NetworkNamespace.HostName)] }));
        string old = text.Replace("\"stopped\": null,", "", StringComparison.Ordinal)
            .Replace("\"stack\": null,", "", StringComparison.Ordinal).Replace(",\n      \"stack\": null", "", StringComparison.Ordinal);
        Assert.DoesNotContain("\"stopped\"", old, StringComparison.Ordinal);
        Assert.DoesNotContain("\"stack\"", old, StringComparison.Ordinal);

        Assert.True(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(old), out Snapshot? read, out string? error), error);
        Assert.Null(read!.Stopped);
        Assert.Null(read.Namespaces[0].Stack);
    }

    [Fact]
    public void Broken_utf8_is_told_as_such()
    {
        byte[] bytes = SnapshotJson.Write(Full);
        bytes[bytes.AsSpan().IndexOf("web1"u8)] = 0xff;

        Assert.False(SnapshotJson.TryRead(bytes, out _, out string? error));
        Assert.Contains("$.host.name: this is no valid text (UTF-8)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Process_that_stands_twice_is_refused()
    {
        Snapshot twice = Full with { Processes = ImmutableArray.Create(Full.Processes[0], Full.Processes[0]) };

        Assert.False(SnapshotJson.TryRead(SnapshotJson.Write(twice), out _, out string? error));
        Assert.Contains("10 stands twice", error, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_survives_noise() =>
        TextFuzz.RunBytes(SnapshotJson.Write(Full), bytes =>
        {
            if (SnapshotJson.TryRead(bytes, out Snapshot? snapshot, out string? error))
            {
                // What passes must also be usable.
                _ = Facts.Judged(snapshot!);
            }
            else
            {
                Assert.NotNull(error);
            }
        });
}
