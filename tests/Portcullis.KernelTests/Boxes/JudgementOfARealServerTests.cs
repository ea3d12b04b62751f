using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>
/// The judgement of two real servers, without a policy and dressed in five roles, against lists that were checked by hand from what
/// runs there (expected-*.tsv). Both suites run the same daemons on the same addresses beyond loopback, so that one list is both's.
/// The stack's switches have tests of their own.
/// </summary>
public sealed class JudgementOfARealServerTests(JudgedBoxes boxes) : IClassFixture<JudgedBoxes>
{
    private const string FiveRoles = """
        # What this server is for.
        zones:
          admin: [10.77.0.0/24]
        roles: [web-server, ssh-admin, dns-resolver, file-server-smb, file-server-ftp]
        allow:
          # The one that nobody knew.
          - port: 7005/tcp
            from: private
            reason: the doorman greets visitors
        """;

    /// <summary>What looks like an intruder's, and own programs without a package: said whatever the policy is.</summary>
    private static readonly ImmutableArray<string> Suspects =
    [
        "critical PC3002 tcp/any/dual/7003/phantom.service",
        "high PC3001 tcp/any/dual/7001/ghost.service",
        "high PC3003 tcp/any/dual/7004/dropper.service",
        "low PC3004 dark:tcp/any/ipv4/7777/dark.service",
        "low PC3004 sealed.service:tcp/any/ipv4/7778/sealed.service",
        "low PC3004 tcp/any/dual/7002/beacon.service",
        "low PC3009 dark:tcp/any/ipv4/7777/dark.service",
        "low PC3009 sealed.service:tcp/any/ipv4/7778/sealed.service",
        "low PC3009 tcp/any/dual/7002/beacon.service",
    ];

    /// <summary>What is heard further than it is meant for, and is in none of the five roles.</summary>
    private static readonly ImmutableArray<string> Exposed =
    [
        "high PC2002 tcp/any/dual/9090/cockpit.socket",
        "high PC2003 tcp/any/ipv4/23/inetd.service",
        "high PC2003 tcp/any/ipv6/23/inetd.service",
        "medium PC2004 udp/any/ipv4/111/rpcbind.socket",
        "medium PC2004 udp/any/ipv6/111/rpcbind.socket",
        "medium PC2004 udp/any/ipv4/5353/avahi-daemon.service",
        "medium PC2004 udp/any/ipv6/5353/avahi-daemon.service",
        "medium PC2005 tcp/any/ipv4/111/rpcbind.socket",
        "medium PC2005 tcp/any/ipv6/111/rpcbind.socket",
        "medium PC2005 tcp/any/ipv4/19/inetd.service",
        "medium PC2005 tcp/any/ipv6/19/inetd.service",
        "medium PC2005 udp/any/dual/7/inetd.service",
        "medium PC2005 udp/any/ipv4/7/inetd.service",
        "medium PC2005 udp/any/ipv4/69/tftpd-hpa.service",
        "medium PC2005 udp/any/ipv6/69/tftpd-hpa.service",
        "medium PC6002 firewall:host", // Docker's rules are for its containers
    ];

    /// <summary>What two of the roles allow to private networks, and nobody has said so yet.</summary>
    private static readonly ImmutableArray<string> ExposedWithoutRoles =
    [
        "medium PC2003 tcp/any/dual/21/vsftpd.service",
        "high PC2004 udp/any/ipv4/137/nmbd.service",
        "high PC2005 udp/any/ipv4/138/nmbd.service",
        "high PC2005 tcp/any/ipv4/139/smbd.service",
        "high PC2005 tcp/any/ipv6/139/smbd.service",
        "high PC2005 tcp/any/ipv4/445/smbd.service",
        "high PC2005 tcp/any/ipv6/445/smbd.service",
        "medium PC2004 udp/any/ipv4/53/dnsmasq.service",
        "medium PC2004 udp/any/ipv6/53/dnsmasq.service",
    ];

    /// <summary>What the five roles do not allow beside that, what they need, and what they allow to fewer than can hear it.</summary>
    private static readonly ImmutableArray<string> ByRoles =
    [
        "medium PC1001 tcp/any/dual/7001/ghost.service",
        "medium PC1001 tcp/any/dual/7002/beacon.service",
        "medium PC1001 tcp/any/dual/7003/phantom.service",
        "medium PC1001 tcp/any/dual/7004/dropper.service",
        "medium PC1001 tcp/any/dual/8002/lab-echo.socket",
        "medium PC1001 tcp/any/ipv4/13/inetd.service",
        "medium PC1001 tcp/any/ipv6/13/inetd.service",
        "medium PC1001 tcp/any/ipv4/8001/notes.service",
        "medium PC1001 tcp/any/ipv4/8080/docker.service",
        "medium PC1001 tcp/any/ipv6/8080/docker.service",
        "medium PC1001 udp/any/ipv4/4789/kernel",
        "low PC1002 host/tcp/443",
        "high PC1004 tcp/any/ipv4/139/smbd.service",
        "high PC1004 tcp/any/ipv6/139/smbd.service", // no route leads to strangers over IPv6, but their packets come by whatever interface there is
        "high PC1004 tcp/any/ipv4/445/smbd.service",
        "high PC1004 tcp/any/ipv6/445/smbd.service",
        "high PC1004 udp/any/ipv4/137/nmbd.service",
        "high PC1004 udp/any/ipv4/138/nmbd.service",
        "medium PC1004 tcp/any/ipv4/22/ssh.service",
        "medium PC1004 tcp/any/ipv6/22/ssh.service", // private networks are more than the zone admin
        "medium PC1004 tcp/any/ipv4/7005/lab-greeter.service",
        "medium PC1004 tcp/any/ipv4/53/dnsmasq.service",
        "medium PC1004 udp/any/ipv4/53/dnsmasq.service",
        "medium PC1004 tcp/any/ipv6/53/dnsmasq.service",
        "medium PC1004 udp/any/ipv6/53/dnsmasq.service",
    ];

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Without_a_policy_findings_are_exactly_what_no_server_should_show(Suite suite) =>
        AssertSame([.. Suspects, .. Exposed, .. ExposedWithoutRoles], await Findings(suite, "", everything: true));

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task In_five_roles_findings_are_exactly_what_they_do_not_allow(Suite suite) =>
        AssertSame([.. Suspects, .. Exposed, .. ByRoles], await Findings(suite, FiveRoles, everything: false));

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Findings_name_services_as_an_admin_does(Suite suite)
    {
        string[] titles = [.. ReportedAudit.Parse(await boxes.Audit(suite, FiveRoles)).Findings.Select(finding => finding.Title)];

        foreach (string beginning in (string[])["redis-server listens on loopback", "the container web listens", "the kernel's vxlan tunnel listens", "cockpit manages", "telnet takes passwords"])
        {
            Assert.Contains(titles, title => title.StartsWith(beginning, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(titles, title => title.Contains("redis-check", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Listeners_are_expected_by_the_service_of_the_role_that_allows_them(Suite suite)
    {
        string[] expected =
        [
            "tcp 21 file-server-ftp ftp", "tcp 22 ssh-admin ssh", "tcp 80 web-server http", "tcp 25 base local-mail", "tcp 53 dns-resolver dns", "udp 53 dns-resolver dns",
            "tcp 139 file-server-smb netbios-ssn", "tcp 445 file-server-smb smb", "udp 137 file-server-smb netbios-names", "udp 138 file-server-smb netbios-names",
            "tcp 7005 exception port 7005/tcp",
        ];
        ImmutableArray<ReportedListener> listeners = ReportedAudit.Parse(await boxes.Audit(suite, FiveRoles)).Listeners;

        AssertSame(expected, listeners.Where(one => one.Expected == true).Select(one => $"{one.Protocol} {one.Port} {one.Role} {one.RoleService}").Distinct(StringComparer.Ordinal));
        Assert.All(listeners.Where(one => one.Expected != true), one => Assert.Equal((null, null), (one.Role, one.RoleService)));
        // A policy speaks of the host's own namespace alone.
        Assert.All(listeners, one => Assert.Equal(one.Namespace != "host", one.Expected is null));
        Assert.All(ReportedAudit.Parse(await boxes.Audit(suite, "")).Listeners, one => Assert.Null(one.Expected));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Suggested_policy_makes_the_audit_pass_and_one_line_less_makes_it_fail(Suite suite)
    {
        string policy = (await boxes.Shell(suite, "", $"{Box.Portcullis} suggest")).MustSucceed();
        Assert.Contains("ADVISED AGAINST (PC3002, critical)", policy, StringComparison.Ordinal);
        Assert.Equal(0, (await boxes.Audit(suite, policy, "low")).ExitCode);

        string[] lines = policy.Split('\n');
        int beacon = Array.FindIndex(lines, line => line.Contains("\"tcp/any/dual/7002/beacon.service\"", StringComparison.Ordinal));
        CommandResult less = await boxes.Audit(suite, string.Join('\n', lines.Where((_, at) => at != beacon && at != beacon + 1)), "low");
        Assert.Equal(1, less.ExitCode);
        Assert.Contains(ReportedAudit.Parse(less).Findings, one => one is { Id: "PC1001", Subject: "tcp/any/dual/7002/beacon.service" });
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Accepted_key_keeps_the_comments_and_its_findings_go(Suite suite)
    {
        const string Key = "tcp/any/dual/7002/beacon.service";
        string accepted = (await boxes.Shell(suite, FiveRoles, $"{Box.Portcullis} accept {Key} --reason 'ours since 2019' --owner ops --expires 2099-12-31 --policy POLICY >&2 && cat POLICY")).MustSucceed();
        Assert.All(FiveRoles.Split('\n'), line => Assert.Contains(line, accepted, StringComparison.Ordinal));

        ReportedAudit audit = ReportedAudit.Parse(await boxes.Audit(suite, accepted));
        Assert.DoesNotContain(audit.Findings, one => one.Subject == Key);
        Assert.Equal((true, "exception"), audit.Listeners.Where(one => one.Key == Key).Select(one => (one.Expected, one.Role)).Single());
        Assert.Contains(ReportedAudit.Parse(await boxes.Audit(suite, FiveRoles)).Findings, one => one.Subject == Key);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Exceptions_are_told_once_they_are_spent_and_roles_where_they_miss_or_narrow_something(Suite suite)
    {
        const string Policy = """
            roles: [ROLES]
            allow:
              - { port: 7002/tcp, from: internet, reason: a test of ours, expires: DATE }
              - { port: PORT/tcp, from: internet, reason: a test of ours }
            """;
        string spent = Policy.Replace("ROLES", "web-server, ssh-admin", StringComparison.Ordinal).Replace("DATE", "2020-01-31", StringComparison.Ordinal).Replace("PORT", "9999", StringComparison.Ordinal);
        string valid = Policy.Replace("ROLES", "file-server-ftp", StringComparison.Ordinal).Replace("DATE", "2099-01-31", StringComparison.Ordinal).Replace("PORT", "8002", StringComparison.Ordinal);
        string[] told =
        [
            "low PC1002 host/tcp/443", "low PC1003 exception:port 7002/tcp:3", "medium PC1004 tcp/any/ipv4/22/ssh.service", "medium PC1004 tcp/any/ipv6/22/ssh.service",
            "info PC1005 exception:port 9999/tcp:4",
        ];

        AssertSame(told, (await Findings(suite, spent, everything: true)).Where(IsAboutPolicy));
        Assert.Contains("medium PC1001 tcp/any/dual/7002/beacon.service", await Findings(suite, spent, everything: true));
        Assert.DoesNotContain(await Findings(suite, valid, everything: true), IsAboutPolicy);
        Assert.DoesNotContain("medium PC1001 tcp/any/dual/7002/beacon.service", await Findings(suite, valid, everything: true));

        static bool IsAboutPolicy(string finding) => finding.Split(' ')[1] is "PC1002" or "PC1003" or "PC1004" or "PC1005";
    }

    /// <summary>"high PC2002 tcp/any/dual/9090/cockpit.socket" for each finding; what a daemon of UDP picks at its start is "*".</summary>
    private async Task<IEnumerable<string>> Findings(Suite suite, string policy, bool everything) =>
        ReportedAudit.Parse(await boxes.Audit(suite, policy)).Findings
            .Where(finding => !finding.IsAboutStack && (everything || finding.Severity != "info"))
            .Select(finding => $"{finding.Severity} {finding.Id} {string.Join('/', finding.Subject.Split('/').Select(Fixed))}");

    private static string Fixed(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port >= 32768 ? "*" : part;

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        List<string> extra = [.. actual.Order(StringComparer.Ordinal)];
        List<string> missing = [.. expected.Order(StringComparer.Ordinal).Where(row => !extra.Remove(row))];
        Assert.True(missing.Count == 0 && extra.Count == 0,
            $"missing:\n  {string.Join("\n  ", missing)}\nnot expected:\n  {string.Join("\n  ", extra)}");
    }
}
