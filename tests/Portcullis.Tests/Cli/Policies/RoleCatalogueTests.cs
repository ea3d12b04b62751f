using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Portcullis.Cli.Policies;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;
using Xunit;

namespace Portcullis.Tests.Cli.Policies;

/// <summary>The role files as they are shipped: what a wrong edit of data/roles would break.</summary>
public sealed partial class RoleCatalogueTests
{
    private static readonly string[] _interpreters = ["python*", "python3*", "python3", "perl", "java", "node", "ruby", "sh", "bash", "php", "nc", "socat", "ncat"];
    private static readonly (Role Role, RoleService Service)[] _services = [.. Catalogue.All.Roles.SelectMany(role => role.Services.Select(service => (role, service)))];

    [Theory]
    [InlineData("web-server"), InlineData("ssh-admin"), InlineData("mail-server"), InlineData("dns-server"), InlineData("dns-resolver")]
    [InlineData("database-postgresql"), InlineData("database-mysql"), InlineData("database-mongodb"), InlineData("database-redis"), InlineData("cache-memcached")]
    [InlineData("search-server"), InlineData("file-server-smb"), InlineData("file-server-nfs"), InlineData("print-server"), InlineData("directory-ldap")]
    [InlineData("directory-kerberos"), InlineData("proxy"), InlineData("load-balancer"), InlineData("message-broker-rabbitmq"), InlineData("message-broker-mqtt")]
    [InlineData("message-broker-kafka"), InlineData("monitoring-target"), InlineData("monitoring-server"), InlineData("log-server"), InlineData("time-server")]
    [InlineData("container-host"), InlineData("kubernetes-node"), InlineData("kubernetes-control-plane"), InlineData("vpn-gateway"), InlineData("desktop")]
    [InlineData("router"), InlineData("dhcp-server"), InlineData("ci-runner"), InlineData("backup-server")]
    public void Role_is_in_the_catalogue_and_says_what_it_is_for(string name)
    {
        Assert.True(Catalogue.All.Find(name) is { Summary: not null, Sources.IsEmpty: false }, name);
        Assert.Null(Catalogue.All.Find(name + "s"));
    }

    [Fact]
    public void Web_server_gives_http_and_https_to_everybody()
    {
        Role role = Catalogue.All.Find("web-server")!;
        Assert.Equal(["80/tcp", "443/tcp"], role.Services.Where(service => !service.Optional).SelectMany(service => service.Ports).Select(port => port.ToString()));
        Assert.All(role.Services, service => Assert.Equal([Zone.Internet], service.From));
    }

    [Fact]
    public void Ssh_is_for_the_zone_admin_else_for_private_networks()
    {
        RoleService ssh = Assert.Single(Catalogue.All.Find("ssh-admin")!.Services);
        HostPolicy policy = new() { Source = "portcullis.yaml", Roles = [] };
        Assert.Equal([Zone.Private], policy.SourcesOf(ssh));
        Assert.Equal(["admin"], (policy with { Zones = [new Zone("admin", [])] }).SourcesOf(ssh));
    }

    [Fact]
    public void Those_that_pass_packets_on_forward_and_no_others_do() => Assert.Equal(
        ["container-host", "hypervisor", "kubernetes-control-plane", "kubernetes-node", "router", "vpn-gateway"],
        Catalogue.All.Roles.Where(role => role.Forwards).Select(role => role.Name));

    [Fact]
    public void Every_file_begins_with_words_for_its_reader() => None(Catalogue.All.Roles.Select(role => role.Name)
        .Where(name => !Encoding.UTF8.GetString(Catalogue.TextOf(name)).StartsWith("# ", StringComparison.Ordinal) || !RoleName().IsMatch(name)));

    [Fact]
    public void Every_service_says_why_and_from_zones_that_every_policy_can_have()
    {
        None(_services.Where(one => one.Service.Why is null || !RoleName().IsMatch(one.Service.Name)).Select(Title));
        None(_services.Where(one => one.Service.From.Any(zone => !Zone.IsBuiltIn(zone)) && (one.Service.Else is null || !Zone.IsBuiltIn(one.Service.Else))).Select(Title));
        None(_services.Where(one => one.Service.Else is not null && !one.Service.From.SequenceEqual(["admin"])).Select(Title));
    }

    [Fact]
    public void What_is_meant_for_few_is_given_to_everybody_by_no_role()
    {
        None(_services.Where(one => one.Role.Name != Role.Base && one.Service.From.Contains(Zone.Internet) && one.Service.Ports.Any(IsForFew)).Select(Title));
        Assert.True(IsForFew(ServicePort.Parse("6379/tcp")!));
        Assert.False(IsForFew(ServicePort.Parse("443/tcp")!));
    }

    [Fact]
    public void Programs_that_may_hold_a_port_are_named_and_are_no_interpreters_of_anything()
    {
        None(_services.Where(one => one.Service.By.Any(name => !HolderName().IsMatch(name) || _interpreters.Contains(name))
            || one.Service.By.Distinct(StringComparer.Ordinal).Count() != one.Service.By.Length).Select(Title));
        Assert.DoesNotMatch(HolderName(), "*");
        Assert.DoesNotMatch(HolderName(), "a*b");
    }

    [Fact]
    public void Ports_of_many_and_sockets_without_ports_name_their_programs()
    {
        None(_services.Where(one => one.Service.By.IsEmpty && one.Service.Ports.Any(port => port.Ports.Count > 32 || port.Protocol is Protocol.Raw or Protocol.Packet)).Select(Title));
        None(_services.Where(one => one.Role.Name == Role.Base && (one.Service.By.IsEmpty || !one.Service.Optional)).Select(Title));
    }

    private static bool IsForFew(ServicePort port) => port.Ports.Count == 1
        && PortKnowledge.Lookup(port.Ports.First, port.Protocol)?.Exposure is AdvisedExposure.None or AdvisedExposure.Loopback or AdvisedExposure.Management or AdvisedExposure.Private;

    private static void None(IEnumerable<string> wrong) => Assert.Equal("", string.Join("; ", wrong));

    private static string Title((Role Role, RoleService Service) one) => $"{one.Role.Name}: {one.Service.Name}";

    [GeneratedRegex("^[a-z0-9]+(?:-[a-z0-9]+)*$", RegexOptions.None, 1000)]
    private static partial Regex RoleName();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.+-]+\*?$", RegexOptions.None, 1000)]
    private static partial Regex HolderName();
}
