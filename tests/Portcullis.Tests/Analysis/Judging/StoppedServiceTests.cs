using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;
using Xunit;

namespace Portcullis.Tests.Analysis.Judging;

public sealed class StoppedServiceTests
{
    private static readonly UnitFacts Snmpd = Facts.Unit("snmpd.service", Facts.Package("snmpd"));

    [Fact]
    public void Stopped_service_is_told_with_the_package_to_remove()
    {
        Finding found = Assert.Single(Find(With(Snmpd with { Enabled = "disabled" })));

        Assert.Equal("unit:snmpd.service", found.Subject);
        Assert.Equal(Severity.Info, found.Severity);
        Assert.Contains("161/udp", found.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("boot", found.Title, StringComparison.Ordinal);
        Assert.Contains("sudo apt-get remove snmpd", found.Remedy, StringComparison.Ordinal);
        Assert.Contains("sudo systemctl mask snmpd.service", found.Remedy, StringComparison.Ordinal);
        Assert.Equal("/usr/lib/systemd/system/snmpd.service", found.Location);
    }

    [Fact]
    public void Enabled_service_that_no_role_allows_weighs_more()
    {
        Assert.Equal(Severity.Low, Assert.Single(Find(With(Snmpd), Policy())).Severity);
        Assert.Equal(Severity.Info, Assert.Single(Find(With(Snmpd with { Enabled = "static" }), Policy())).Severity);
        Assert.Equal(Severity.Info, Assert.Single(Find(With(Snmpd))).Severity);
    }

    [Fact]
    public void Service_whose_port_a_role_or_an_exception_allows_is_none()
    {
        RoleService service = new() { Name = "snmp", Ports = [ServicePort.Parse("161/udp")!], From = [Zone.Private] };
        HostPolicy role = Policy() with { Roles = [new Role { Name = "monitored", Services = [service] }] };
        HostPolicy exception = Policy() with { Allow = [new Allowance { Name = "port", Ports = [ServicePort.Parse("161/udp")!], From = [Zone.Private], Reason = "now and then" }] };
        HostPolicy key = Policy() with { Allow = [new Allowance { Name = "key", Key = "unit:snmpd.service", From = [Zone.Private], Reason = "by hand" }] };
        Role everywhere = new() { Name = Role.Base, Services = [service] };

        Assert.Empty(Find(With(Snmpd), role));
        Assert.Empty(Find(With(Snmpd), exception));
        Assert.Empty(Find(With(Snmpd), key));
        Assert.Empty(Judge.Of(With(Snmpd), null, new RoleCatalogue([everywhere])).Findings);
        Assert.Single(Find(With(Snmpd), exception with { Allow = [exception.Allow[0] with { Expires = new DateOnly(2026, 1, 1) }] }));
    }

    [Fact]
    public void Unit_of_which_no_port_is_known_is_none() => Assert.Empty(Find(With(Facts.Unit("app.service"))));

    [Fact]
    public void Part_of_systemd_is_masked_and_not_removed() =>
        Assert.StartsWith("keep it from starting", Assert.Single(Find(With(Facts.Unit("systemd-networkd.service", Facts.Package("systemd"))))).Remedy, StringComparison.Ordinal);

    [Fact]
    public void Socket_unit_that_does_not_listen_is_told_until_it_does()
    {
        UnitFacts socket = Facts.Unit("cockpit.socket", Facts.Package("cockpit-ws")) with { Listens = ["ListenStream=9090"], Activates = "cockpit.service" };
        Snapshot closed = Facts.Snapshot() with { Units = [socket], Stopped = [] };

        Assert.Equal("unit:cockpit.socket", Assert.Single(Find(closed)).Subject);
        Assert.Empty(Find(closed with { Sockets = [Facts.Tcp("::", 9090, 1)], Processes = [Facts.Manager] }));
        Assert.Empty(Find(closed with { Stopped = null }));
        Assert.Empty(Find(closed with { Units = [socket with { Enabled = "masked" }] }));
        Assert.Empty(Find(closed with { Units = [socket with { Listens = ["ListenStream=/run/x"] }] }));
    }

    [Fact]
    public void Service_and_its_socket_are_one_finding_and_none_where_the_socket_listens()
    {
        UnitFacts socket = Facts.Unit("cups.socket", Facts.Package("cups-daemon")) with { Listens = ["ListenStream=631"], Activates = "cups.service" };
        UnitFacts service = Facts.Unit("cups.service", Facts.Package("cups-daemon")) with { ActivatedBy = "cups.socket" };
        Snapshot closed = Facts.Snapshot() with { Units = [socket], Stopped = [service] };

        Assert.Equal("unit:cups.service", Assert.Single(Find(closed)).Subject);
        Assert.Empty(Find(closed with { Sockets = [Facts.Tcp("::", 631, 1)], Processes = [Facts.Manager] }));
    }

    [Fact]
    public void Every_unit_that_the_table_knows_has_ports() =>
        Assert.All(ProgramKnowledge.Units.Where(name => name.EndsWith(".service", StringComparison.Ordinal)), name => Assert.NotEmpty(ProgramKnowledge.ServicesOf(name, null, null)));

    private static HostPolicy Policy() => new() { Source = "portcullis.yaml", Roles = [] };

    private static Snapshot With(UnitFacts stopped) => Facts.Snapshot() with { Stopped = [stopped] };

    private static ImmutableArray<Finding> Find(Snapshot snapshot, HostPolicy? policy = null) =>
        [.. Judge.Of(snapshot, policy, new RoleCatalogue([])).Findings.Where(finding => finding.Id == "PC5001")];
}
