using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Services;
using Xunit;

namespace Portcullis.Tests.Linux.Services;

public sealed class RuleLoadersTests
{
    private const string Vendor = "/usr/lib/systemd/system";
    private const string Admin = "/etc/systemd/system";
    private const string Unit = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";

    private readonly MemorySource _source = new MemorySource().Directory("/run/systemd/system").Directory("/run/systemd/units").Link("/lib", "usr/lib");

    [Fact]
    public void Ufw_is_told_with_its_switch_and_whether_its_unit_runs()
    {
        _source.File($"{Vendor}/ufw.service", Unit).Link($"{Admin}/multi-user.target.wants/ufw.service", $"{Vendor}/ufw.service").File("/etc/ufw/ufw.conf", "ENABLED=no\n");
        RuleLoader off = Assert.Single(Loaders());
        Assert.Equal(("ufw", "ufw.service", "enabled", true, false, false), (off.Name, off.Unit, off.Enabled, off.StartsAtBoot, off.Running, off.SwitchedOn));

        _source.File("/etc/ufw/ufw.conf", "ENABLED=yes\n").Link("/run/systemd/units/invocation:ufw.service", "0123");
        RuleLoader on = Assert.Single(Loaders());
        Assert.Equal((true, true), (on.Running, on.SwitchedOn));
    }

    [Fact]
    public void Alias_for_the_bus_alone_starts_nothing_at_boot()
    {
        _source.File($"{Vendor}/firewalld.service", Unit + "Alias=dbus-org.fedoraproject.FirewallD1.service\n")
            .Link($"{Admin}/dbus-org.fedoraproject.FirewallD1.service", $"{Vendor}/firewalld.service");
        Assert.Equal(("enabled", false), Loaders().Select(one => (one.Enabled, one.StartsAtBoot!.Value)).Single());

        _source.Link($"{Admin}/multi-user.target.wants/firewalld.service", $"{Vendor}/firewalld.service");
        Assert.Equal(("enabled", true), Loaders().Select(one => (one.Enabled, one.StartsAtBoot!.Value)).Single());
    }

    [Theory]
    [InlineData("flush ruleset\ntable inet filter { chain input { type filter hook input priority 0; } }\n", true, false)]
    [InlineData("table inet mine { chain input { type filter hook input priority 0; policy drop; } }\n", false, true)]
    [InlineData(null, null, false)]
    public void File_of_nftables_tells_what_its_unit_will_do(string? script, bool? flushes, bool hasRules)
    {
        _source.File($"{Vendor}/nftables.service", Unit);
        if (script is not null)
        {
            _source.File("/etc/nftables.conf", script);
        }

        RuleLoader loader = Assert.Single(Loaders());
        Assert.Equal((script is null ? null : "/etc/nftables.conf", flushes, hasRules), (loader.File, loader.FlushesAll, loader.HasRules));
        Assert.Equal(("disabled", false), (loader.Enabled, loader.StartsAtBoot));
    }

    [Fact]
    public void Saved_tables_of_either_version_are_rules()
    {
        _source.File($"{Vendor}/netfilter-persistent.service", Unit).File("/etc/iptables/rules.v4", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n");
        Assert.False(Assert.Single(Loaders()).HasRules);

        _source.File("/etc/iptables/rules.v6", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n");
        Assert.True(Assert.Single(Loaders()).HasRules);
    }

    [Fact]
    public void Units_and_scripts_of_the_owner_count_where_they_load_rules()
    {
        _source.File($"{Admin}/app.service", Unit).File($"{Admin}/gate.service", "[Service]\nExecStart=/usr/sbin/nft -f /srv/gate.nft\n[Install]\nWantedBy=multi-user.target\n")
            .Link($"{Admin}/multi-user.target.wants/gate.service", $"{Admin}/gate.service")
            .File($"{Admin}/my-firewall.service", Unit)
            .File("/etc/network/if-pre-up.d/rules", "#!/bin/sh\niptables-restore < /etc/rules\n").File("/etc/network/if-pre-up.d/other", "#!/bin/sh\nexit 0\n").File("/etc/rc.local", "# iptables -F\n");

        Assert.Equal(
            [("/etc/network/if-pre-up.d/rules", null, true), ("gate.service", "gate.service", true), ("my-firewall.service", "my-firewall.service", false)],
            Loaders().Select(one => (one.Name, one.Unit, one.StartsAtBoot!.Value)));
        Assert.All(Loaders(), one => Assert.True(one.IsOwn));
    }

    [Fact]
    public void What_cannot_be_read_is_unknown_and_told()
    {
        _source.File($"{Vendor}/ufw.service", Unit).Refuse("/etc/ufw/ufw.conf", Errno.EACCES)
            .File($"{Vendor}/netfilter-persistent.service", Unit).Refuse("/etc/iptables/rules.v4", Errno.EACCES).Refuse("/run/systemd/units", Errno.EACCES);

        ServiceInventory inventory = new SystemdServices(_source).Describe([], []);
        Assert.All(inventory.RuleLoaders!.Value, one => Assert.Equal((null, null, null), (one.SwitchedOn, one.HasRules, one.Running)));
        Assert.Equal(2, inventory.Gaps.Count(gap => gap.What.StartsWith("what loads rules at boot", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void Machine_without_any_has_none_and_one_without_systemd_was_not_looked_at()
    {
        Assert.Empty(Loaders());
        Assert.Null(new SystemdServices(new MemorySource()).Describe([], []).RuleLoaders);
    }

    private RuleLoader[] Loaders() => [.. new SystemdServices(_source).Describe([], []).RuleLoaders!.Value];
}
