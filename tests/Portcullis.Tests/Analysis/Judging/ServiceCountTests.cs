using System.Globalization;
using Portcullis.Cli.Report;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;
using Xunit;

namespace Portcullis.Tests.Analysis.Judging;

/// <summary>The measures of CIS 4.8: what of a host's services the policy allows, what is off, what is neither.</summary>
public sealed class ServiceCountTests
{
    private static readonly UnitFacts Snmpd = Facts.Unit("snmpd.service", Facts.Package("snmpd"));
    private static readonly HostPolicy Web = Facts.Policy("roles: [web-server]\nallow:\n  - { port: 9000/tcp, from: private, reason: ours }\n");

    [Fact]
    public void Running_and_stopped_services_are_counted_once_each()
    {
        Snapshot snapshot = Machine(Snmpd with { Enabled = "disabled" }, Facts.Unit("memcached.service", Facts.Package("memcached")), Facts.Unit("apache2.service", Facts.Package("apache2")) with { Enabled = "disabled" });

        // nginx on two ports and apache2 for the same are allowed; snmpd is off; redis runs, and memcached will.
        Assert.Equal("m2 5, m3 2, m4 3, m5 1, m6 2: 60 %, 40 %", Text(snapshot, Web));
    }

    [Fact]
    public void Service_with_one_port_that_is_not_allowed_is_not_allowed()
    {
        Snapshot snapshot = Machine() with { Sockets = [Facts.Tcp("0.0.0.0", 80, 80), Facts.Tcp("0.0.0.0", 81, 80)] };
        Assert.Equal("m2 1, m3 0, m4 1, m5 0, m6 1: 0 %, 100 %", Text(snapshot, Web));
    }

    [Fact]
    public void Exception_for_a_unit_allows_it()
    {
        HostPolicy accepted = Web with { Allow = [new Allowance { Name = "key", Key = "unit:snmpd.service", From = [Zone.Private], Reason = "by hand" }] };
        Assert.Equal("m2 3, m3 2, m4 1, m5 0, m6 1: 66.7 %, 33.3 %", Text(Machine(Snmpd), accepted));
        Assert.Equal("m2 3, m3 1, m4 2, m5 0, m6 2: 33.3 %, 66.7 %", Text(Machine(Snmpd), Web));
    }

    [Fact]
    public void What_the_policy_allows_is_counted_though_it_is_not_here() => Assert.Equal(Web.Roles[0].Services.Length + 1, Facts.Judged(Machine(), Web).Services!.Authorized);

    [Fact]
    public void Nothing_is_counted_without_a_policy_or_where_units_were_not_read()
    {
        Assert.Null(Facts.Judged(Machine()).Services);
        Assert.Null(Facts.Judged(Machine() with { Stopped = null }, Web).Services);
        Assert.Equal("", ComplianceLine.Of(Facts.Judged(Machine())));
    }

    [Fact]
    public void Line_has_both_numbers() =>
        Assert.Equal("CIS 4.8: 2 of 3 services are allowed or off (66.7 %), 1 is neither (33.3 %).", ComplianceLine.Of(Facts.Judged(Machine(Snmpd with { Enabled = "disabled" }), Web)));

    [Fact]
    public void Host_without_services_has_no_parts() => Assert.Equal((null, null), (new ServiceCompliance(1, 0, 0, 0).Compliant, new ServiceCompliance(1, 0, 0, 0).NonCompliant));

    private static Snapshot Machine(params UnitFacts[] stopped) => Facts.Snapshot(Facts.Tcp("0.0.0.0", 80, 80), Facts.Tcp("0.0.0.0", 443, 80), Facts.Tcp("0.0.0.0", 6379, 63)) with
    {
        Processes = [Facts.Process(80, "/usr/sbin/nginx", "nginx.service", Facts.Package("nginx")), Facts.Process(63, "/usr/bin/redis-server", "redis-server.service", Facts.Package("redis-server"))],
        Units = [Facts.Unit("nginx.service", Facts.Package("nginx")), Facts.Unit("redis-server.service", Facts.Package("redis-server"))],
        Stopped = [.. stopped],
    };

    private static string Text(Snapshot snapshot, HostPolicy policy)
    {
        ServiceCompliance count = Facts.Judged(snapshot, policy).Services!;
        return string.Create(CultureInfo.InvariantCulture, $"m2 {count.All}, m3 {count.AuthorizedHere}, m4 {count.Unauthorized}, m5 {count.Disabled}, m6 {count.Enabled}: {100 * count.Compliant:0.#} %, {100 * count.NonCompliant:0.#} %");
    }
}
