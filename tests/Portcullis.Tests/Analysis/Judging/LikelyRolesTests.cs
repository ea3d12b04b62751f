using System.Collections.Immutable;
using Portcullis.Cli.Policies;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Analysis.Judging;

/// <summary>What a machine seems to be for, by the catalogue as it is shipped.</summary>
public sealed class LikelyRolesTests
{
    [Theory]
    [InlineData("0.0.0.0", 25, "/usr/sbin/exim4", "exim4.service", "mail-server")]
    [InlineData("127.0.0.1", 25, "/usr/sbin/exim4", "exim4.service", null)]
    [InlineData("0.0.0.0", 443, "/usr/sbin/nginx", "nginx.service", "web-server")]
    [InlineData("10.0.0.5", 445, "/usr/sbin/smbd", "smbd.service", "file-server-smb")]
    [InlineData("10.0.0.5", 389, "/usr/sbin/samba", "samba-ad-dc.service", "domain-controller")]
    [InlineData("10.0.0.5", 10250, "/usr/bin/kubelet", "kubelet.service", "kubernetes-node")]
    [InlineData("10.0.0.5", 6379, "/usr/bin/redis-server", "redis-server.service", "database-redis")]
    [InlineData("10.0.0.5", 6379, "/opt/other", "other.service", null)]
    public void Role_is_recognised_by_who_holds_its_port_for_others(string address, int port, string program, string unit, string? role)
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp(address, port, 10)) with
        {
            Processes = [Facts.Process(10, program, unit, Facts.Package("some"))],
            Units = [Facts.Unit(unit)],
        };
        Assert.Equal(role is null ? [] : ImmutableArray.Create(role), Judge.Of(snapshot, policy: null, Catalogue.All).LikelyRoles);
    }
}
