using System;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Judging;

/// <summary>What a service is taken for, where its port or its configuration leaves that open.</summary>
public sealed class IdentityTests
{
    [Theory]
    [InlineData("etcd", 7000, "0.0.0.0", "PC2001", Severity.Critical)] // each of its services keeps data
    [InlineData("etcd", 2379, "0.0.0.0", "PC2001", Severity.Critical)]
    [InlineData("etcd", 7000, "127.0.0.1", null, null)]
    [InlineData("named", 7000, "0.0.0.0", "PC2002", Severity.Low)] // dns, or rndc: one step less than rndc on its own port
    [InlineData("named", 953, "0.0.0.0", "PC2002", Severity.Medium)]
    [InlineData("nginx", 7000, "0.0.0.0", null, null)] // http and https are for everybody
    public void Program_with_several_services_on_the_port_of_none_is_taken_for_the_worst(string program, int port, string address, string? id, Severity? severity)
    {
        Finding? finding = Facts.Judged(new Scene().Daemon(address, port, program, program).Snapshot).Findings.SingleOrDefault();

        Assert.Equal((id, severity), (finding?.Id, finding?.Severity));
        Assert.Equal(id is not null && port == 7000, finding?.Evidence.Any(fact => fact.Contains("taken for the worst", StringComparison.Ordinal)) == true);
    }

    [Theory]
    [InlineData("telnetd", 23, "0.0.0.0", Severity.High)]
    [InlineData("telnetd", 2323, "203.0.113.7", Severity.High)]
    [InlineData("telnetd", 23, "10.0.0.1", Severity.Medium)]
    [InlineData("telnetd", 23, "127.0.0.1", null)]
    [InlineData("rlogind", 513, "0.0.0.0", Severity.Critical)]
    [InlineData("rshd", 514, "::", Severity.Critical)]
    [InlineData("rexecd", 512, "0.0.0.0", Severity.Critical)]
    [InlineData("vsftpd", 21, "0.0.0.0", Severity.Medium)] // may require TLS, which is not read
    [InlineData("imap-login", 143, "0.0.0.0", Severity.Low)]
    [InlineData("imap-login", 993, "0.0.0.0", null)]
    [InlineData("pop3-login", 110, "::", Severity.Low)]
    [InlineData("sshd", 22, "0.0.0.0", null)]
    public void Login_in_clear_text_weighs_by_whether_it_could_be_encrypted(string program, int port, string address, Severity? severity)
    {
        Finding? finding = Facts.Judged(new Scene().Daemon(address, port, program, program).Snapshot).Findings.SingleOrDefault(one => one.Id == "PC2003");

        Assert.Equal(severity, finding?.Severity);
        Assert.Equal(program is "vsftpd" or "imap-login" or "pop3-login" && finding is not null, finding?.Evidence.Any(fact => fact.Contains("TLS before a login was not checked", StringComparison.Ordinal)) == true);
    }

    [Theory]
    [InlineData("nfsd", Protocol.Tcp, 2049, "0.0.0.0", "PC2005")]
    [InlineData("nfsd", Protocol.Tcp, 2049, "10.0.0.1", null)]
    [InlineData("nfsd", Protocol.Tcp, 8049, "0.0.0.0", "PC2005")]
    [InlineData("lockd", Protocol.Tcp, 2049, "0.0.0.0", null)]
    public void Kernels_own_service_is_known_by_what_the_kernel_calls_it(string name, Protocol protocol, int port, string address, string? id)
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Socket(protocol, address, port));
        snapshot = snapshot with { Namespaces = [snapshot.Namespaces[0] with { KernelServices = [new KernelService(name, protocol, null, port, "/proc")] }] };

        Assert.Equal(id, Facts.Judged(snapshot).Findings.SingleOrDefault()?.Id);
    }

    [Fact]
    public void What_no_role_allows_is_not_less_for_being_known()
    {
        Snapshot imap = new Scene().Daemon("0.0.0.0", 143, "imap-login", "dovecot-imapd").Snapshot;

        Assert.Equal(("PC2003", Severity.Medium), Facts.Judged(imap, Facts.Policy("roles: []")).Findings.Select(one => (one.Id, one.Severity)).Single());
    }

    [Theory]
    [InlineData("telnet", 23, "/opt/site/telnet-of-ours", "PC2003", "telnet takes passwords")]
    [InlineData("telnet", 23, "/usr/sbin/telnetd", "PC2003", "telnet takes passwords")]
    [InlineData("daytime", 13, null, null, null)]
    [InlineData("custom", 4000, "/opt/site/custom", null, null)]
    public void What_inetd_starts_is_known_by_its_program_or_by_the_name_that_inetd_has_for_it(string service, int port, string? program, string? id, string? title)
    {
        Snapshot snapshot = Inetd(service, port, program);
        Finding? finding = Facts.Judged(snapshot).Findings.FirstOrDefault(one => one.Id.StartsWith("PC20", StringComparison.Ordinal) && one.Id != "PC2005");

        Assert.Equal(id, finding?.Id);
        Assert.StartsWith(title ?? "", finding?.Title ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void What_inetd_answers_is_told_by_the_services_name()
    {
        Finding finding = Facts.Judged(Inetd("custom", 4000, null), Facts.Policy("roles: []")).Findings.Single(one => one.Id == "PC1001");

        Assert.StartsWith("custom (by inetd) listens", finding.Title, StringComparison.Ordinal);
    }

    private static Snapshot Inetd(string service, int port, string? program)
    {
        Scene scene = new();
        ProcessFacts inetd = Facts.Process(scene.NextPid, "/usr/sbin/inetd", "inetd.service", Facts.Package("openbsd-inetd"));
        return scene.Add(Facts.Tcp("0.0.0.0", port), inetd).Snapshot with
        {
            Units = [Facts.Unit("inetd.service")],
            SuperServers = [new SuperServerEntry { Server = "inetd", Service = service, Protocol = Protocol.Tcp, Port = port, Program = program, User = "root", Source = "/etc/inetd.conf:3" }],
        };
    }
}
