using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Services;
using Xunit;

namespace Portcullis.Tests.Linux.Services;

/// <summary>Each case was tried with systemctl of systemd 252 and 257; the expected words are theirs.</summary>
public sealed class SystemdServicesTests
{
    private const string Vendor = "/usr/lib/systemd/system";
    private const string Admin = "/etc/systemd/system";
    private const string Plain = "[Service]\nExecStart=/bin/true\n";
    private const string Wanted = Plain + "[Install]\nWantedBy=multi-user.target\n";

    private readonly MemorySource _source = new MemorySource().Directory("/run/systemd/system").Link("/lib", "usr/lib");

    [Fact]
    public void A_machine_without_systemd_has_no_units_and_no_gap()
    {
        ServiceInventory inventory = new SystemdServices(new MemorySource().File($"{Vendor}/a.service", Plain)).Describe([new("a.service", null)], []);

        Assert.Empty(inventory.Units);
        Assert.Empty(inventory.Gaps);
    }

    [Fact]
    public void A_unit_is_disabled_until_a_wants_link_enables_it()
    {
        _source.File($"{Vendor}/a.service", Wanted);
        Assert.Equal("disabled", Unit("a.service").Enabled);

        _source.Link($"{Admin}/multi-user.target.wants/a.service", "/lib/systemd/system/a.service");
        Assert.Equal("enabled", Unit("a.service").Enabled);
        Assert.Equal($"{Vendor}/a.service", Unit("a.service").Fragment);
    }

    [Fact]
    public void A_wants_link_under_run_enables_only_until_the_next_boot()
    {
        _source.File($"{Vendor}/a.service", Wanted).Link("/run/systemd/system/multi-user.target.wants/a.service", $"{Vendor}/a.service");

        Assert.Equal("enabled-runtime", Unit("a.service").Enabled);
    }

    [Fact]
    public void A_unit_of_the_administrator_may_be_pulled_in_from_a_place_that_counts_less()
    {
        _source.File($"{Admin}/a.service", Wanted).Link("/run/systemd/system/multi-user.target.wants/a.service", $"{Admin}/a.service")
            .File($"{Admin}/b@.service", Wanted).Link($"{Vendor}/x.target.wants/b@i.service", $"{Admin}/b@.service");

        Assert.Equal("enabled-runtime", Unit("a.service").Enabled);
        Assert.Equal("static", Unit("b@i.service").Enabled);
    }

    [Fact]
    public void A_link_of_the_same_name_below_the_units_own_file_says_nothing()
    {
        _source.File($"{Admin}/a.service", Wanted).Link("/run/systemd/system/a.service", "/srv/other.service");

        Assert.Equal("disabled", Unit("a.service").Enabled);
    }

    [Fact]
    public void An_alias_that_the_vendor_ships_does_not_enable_the_unit()
    {
        _source.File($"{Vendor}/a.service", Wanted + "Alias=b.service\n").Link($"{Vendor}/b.service", "a.service");

        Assert.Equal("disabled", Unit("a.service").Enabled);
    }

    [Fact]
    public void A_unit_that_cannot_be_enabled_is_static_even_where_the_vendor_pulls_it_in()
    {
        _source.File($"{Vendor}/a.service", Plain).Link($"{Vendor}/multi-user.target.wants/a.service", "../a.service");

        Assert.Equal("static", Unit("a.service").Enabled);
    }

    [Fact]
    public void Masks_are_told_by_null_device_and_empty_file()
    {
        _source.Link($"{Admin}/a.service", "/dev/null").File($"{Admin}/b.service", string.Empty).Link("/run/systemd/system/c.service", "/dev/null")
            .File($"{Vendor}/a.service", Wanted).File($"{Vendor}/b.service", Wanted).File($"{Vendor}/c.service", Wanted);

        Assert.Equal("masked", Unit("a.service").Enabled);
        Assert.Equal("masked", Unit("b.service").Enabled);
        Assert.Equal("masked-runtime", Unit("c.service").Enabled);
        Assert.Equal($"{Admin}/a.service", Unit("a.service").Fragment);
    }

    [Fact]
    public void An_alias_names_another_unit()
    {
        _source.File($"{Vendor}/ssh.service", Wanted + "Alias=sshd.service\n").Link($"{Admin}/sshd.service", $"{Vendor}/ssh.service");

        Assert.Equal("alias", Unit("sshd.service").Enabled);
        Assert.Equal($"{Vendor}/ssh.service", Unit("sshd.service").Fragment);
        Assert.Equal("enabled", Unit("ssh.service").Enabled);
    }

    [Fact]
    public void An_alias_that_enabling_would_not_make_is_indirect()
    {
        _source.File($"{Vendor}/a.service", Wanted).Link($"{Admin}/z.service", $"{Vendor}/a.service");

        Assert.Equal("indirect", Unit("a.service").Enabled);
    }

    [Fact]
    public void A_unit_with_only_also_is_indirect()
    {
        _source.File($"{Vendor}/a.service", Plain + "[Install]\nAlso=b.service\n");

        Assert.Equal("indirect", Unit("a.service").Enabled);
    }

    [Fact]
    public void Linked_files_are_told_from_enabled_ones()
    {
        _source.File("/srv/a.service", Wanted).Link($"{Admin}/a.service", "/srv/a.service")
            .File("/srv/b.service", Wanted).Link("/run/systemd/system/b.service", "/srv/b.service")
            .File("/srv/c.service", Wanted).Link($"{Admin}/c.service", "/srv/c.service").Link($"{Admin}/x.target.wants/c.service", "/srv/c.service");

        Assert.Equal("linked", Unit("a.service").Enabled);
        Assert.Equal("linked-runtime", Unit("b.service").Enabled);
        Assert.Equal("enabled", Unit("c.service").Enabled);
        Assert.Equal($"{Admin}/a.service", Unit("a.service").Fragment);
    }

    [Fact]
    public void A_link_to_its_own_name_in_the_load_path_is_bad()
    {
        _source.File($"{Vendor}/a.service", Wanted).Link($"{Admin}/a.service", $"{Vendor}/a.service");

        Assert.Equal("bad", Unit("a.service").Enabled);
        Assert.Equal($"{Vendor}/a.service", Unit("a.service").Fragment);
    }

    [Fact]
    public void Generated_and_transient_units_are_told_by_their_directory()
    {
        _source.File("/run/systemd/generator.late/exim4.service", "[Unit]\nSourcePath=/etc/init.d/exim4\nDescription=LSB: exim\n" + Plain)
            .File("/run/systemd/transient/run-1.service", Plain).File("/run/systemd/transient/session-1.scope", "[Scope]\n");

        Assert.Equal("generated", Unit("exim4.service").Enabled);
        Assert.Equal("/etc/init.d/exim4", Unit("exim4.service").SourcePath);
        Assert.False(Unit("exim4.service").Transient);
        Assert.Equal("transient", Unit("run-1.service").Enabled);
        Assert.True(Unit("run-1.service").Transient);
        Assert.True(Unit("session-1.scope").Transient);
        Assert.True(Unit("init.scope").Transient);
        Assert.Null(Unit("init.scope").Enabled);
    }

    [Fact]
    public void An_instance_comes_from_its_template()
    {
        _source.File($"{Vendor}/t@.service", "[Unit]\nDescription=%p of %I\n" + Wanted + "DefaultInstance=d\n")
            .Link($"{Admin}/multi-user.target.wants/t@a-b.service", $"{Vendor}/t@.service");

        Assert.Equal("enabled", Unit("t@a-b.service").Enabled);
        Assert.Equal("disabled", Unit("t@z.service").Enabled);
        Assert.Equal("t of a/b", Unit("t@a-b.service").Description);
        Assert.Equal($"{Vendor}/t@.service", Unit("t@a-b.service").Fragment);
    }

    [Fact]
    public void An_instance_that_the_vendor_pulls_in_is_static()
    {
        _source.File($"{Vendor}/t@.service", Plain).Link($"{Vendor}/x.target.wants/t@a.service", "../t@.service");

        Assert.Equal("static", Unit("t@a.service").Enabled);
    }

    [Fact]
    public void Drop_ins_apply_by_file_name_and_the_administrators_hide_the_vendors()
    {
        _source.File($"{Vendor}/a-b@.service", Plain)
            .File($"{Admin}/a-b@x.service.d/30.conf", "[Unit]\nDescription=last\n")
            .File($"{Vendor}/a-b@.service.d/20.conf", "[Unit]\nDescription=hidden by the administrator's of the same name\n")
            .File($"{Admin}/a-@.service.d/10.conf", "[Install]\nWantedBy=x.target\n")
            .File($"{Admin}/a-.service.d/20.conf", "[Unit]\nDescription=any\n")
            .File("/run/systemd/system/service.d/00.conf", "[Unit]\nDescription=first\n")
            .File($"{Admin}/b.service.d/99.conf", "[Unit]\nDescription=other\n");

        UnitFacts unit = Unit("a-b@x.service");

        Assert.Equal(
            ["/run/systemd/system/service.d/00.conf", $"{Admin}/a-@.service.d/10.conf", $"{Admin}/a-.service.d/20.conf", $"{Admin}/a-b@x.service.d/30.conf"],
            unit.DropIns);
        Assert.Equal("last", unit.Description);
        Assert.Equal("disabled", unit.Enabled);
    }

    [Fact]
    public void The_vendors_preset_follows_the_preset_files_in_order()
    {
        _source.File($"{Vendor}/a.service", Wanted).File($"{Vendor}/b.service", Wanted)
            .File("/usr/lib/systemd/system-preset/90-systemd.preset", "disable *\n")
            .File("/usr/lib/systemd/system-preset/50-x.preset", "disable a.service\nenable b.service\n")
            .File("/etc/systemd/system-preset/50-x.preset", "enable a.service\n");

        Assert.Equal("enabled", Unit("a.service").Preset);
        Assert.Equal("disabled", Unit("b.service").Preset);

        _source.Link("/etc/systemd/system-preset/90-systemd.preset", "/dev/null");
        Assert.Equal("enabled", Unit("b.service").Preset);
    }

    [Fact]
    public void Every_socket_of_the_system_comes_unasked_with_what_it_starts()
    {
        _source.File($"{Vendor}/rpcbind.socket", "[Socket]\nListenStream=/run/rpcbind.sock\nListenStream=0.0.0.0:111\n[Install]\nWantedBy=sockets.target\n")
            .File($"{Vendor}/rpcbind.service", Wanted)
            .Link($"{Admin}/sockets.target.wants/rpcbind.socket", $"{Vendor}/rpcbind.socket")
            .File($"{Admin}/rpcbind.socket.d/a.conf", "[Socket]\nListenStream=\nListenStream=127.0.0.1:111\n");

        ServiceInventory inventory = new SystemdServices(_source).Describe([new("rpcbind.service", null)], []);

        UnitFacts socket = Assert.Single(inventory.Units, static unit => unit.Name == "rpcbind.socket");
        Assert.Equal(["ListenStream=127.0.0.1:111"], socket.Listens);
        Assert.Equal("rpcbind.service", socket.Activates);
        Assert.Equal("rpcbind.socket", Assert.Single(inventory.Units, static unit => unit.Name == "rpcbind.service").ActivatedBy);
        Assert.Empty(inventory.Gaps);
    }

    [Fact]
    public void A_socket_that_is_not_enabled_activates_nothing_until_something_loads_it()
    {
        _source.File($"{Vendor}/ssh.socket", "[Socket]\nListenStream=22\nAccept=no\n[Install]\nWantedBy=sockets.target\n").File($"{Vendor}/ssh.service", Wanted);
        Assert.Null(Unit("ssh.service").ActivatedBy);

        _source.Link("/run/systemd/units/invocation:ssh.socket", "0123");
        Assert.Equal("ssh.socket", Unit("ssh.service").ActivatedBy);
    }

    [Fact]
    public void A_service_that_names_its_socket_loads_it()
    {
        _source.File($"{Vendor}/a.socket", "[Socket]\nListenStream=22\n").File($"{Vendor}/a.service", "[Unit]\nRequires=a.socket\n" + Plain);

        Assert.Equal("a.socket", Unit("a.service").ActivatedBy);
    }

    [Fact]
    public void An_instance_made_for_a_connection_knows_its_socket()
    {
        _source.File($"{Vendor}/a.socket", "[Socket]\nListenStream=22\nAccept=yes\n").File($"{Vendor}/a@.service", Plain)
            .Link($"{Vendor}/sockets.target.wants/a.socket", "../a.socket");

        Assert.Equal("a.socket", Unit("a@1-10.0.0.1:22-10.0.0.2:999.service").ActivatedBy);
    }

    [Fact]
    public void Units_of_a_user_are_looked_for_at_home()
    {
        _source.File("/etc/passwd", "ann:x:1000:1000::/home/ann:/bin/sh\n")
            .File("/home/ann/.config/systemd/user/web.service", "[Unit]\nDescription=%h %t %U\n" + Wanted)
            .Link("/home/ann/.config/systemd/user/default.target.wants/web.service", "/home/ann/.config/systemd/user/web.service")
            .File($"{Vendor}/web.service", Plain);

        ServiceInventory inventory = new SystemdServices(_source).Describe([new("web.service", 1000), new("web.service", null)], []);

        UnitFacts unit = Assert.Single(inventory.Units, static unit => unit.User == 1000);
        Assert.Equal("enabled", unit.Enabled);
        Assert.Equal("/home/ann /run/user/1000 1000", unit.Description);
        Assert.Equal("static", Assert.Single(inventory.Units, static unit => unit.User is null).Enabled);
    }

    [Fact]
    public void What_cannot_be_read_is_a_gap_and_never_a_state()
    {
        _source.File($"{Vendor}/a.service", Wanted).Refuse($"{Vendor}/a.service", Errno.EACCES).File("/home/x", "y").Refuse(Admin, Errno.EACCES);

        ServiceInventory inventory = new SystemdServices(_source).Describe([new("a.service", null), new("a.service", 77)], []);

        Assert.Null(Assert.Single(inventory.Units, static unit => unit.User is null).Enabled);
        Assert.Contains(inventory.Gaps, static gap => gap.What.Contains("a.service", System.StringComparison.Ordinal) && gap.Remedy == "run as root");
        Assert.Contains(inventory.Gaps, static gap => gap.What.Contains("/etc/systemd/system", System.StringComparison.Ordinal));
        Assert.Contains(inventory.Gaps, static gap => gap.What.Contains("77", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Units_without_a_file_and_names_without_sense_are_left_out()
    {
        _source.Link($"{Admin}/gone.service", "/srv/gone.service").Link($"{Admin}/loop1.service", $"{Admin}/loop2.service").Link($"{Admin}/loop2.service", $"{Admin}/loop1.service");

        ServiceInventory inventory = new SystemdServices(_source).Describe([new("none.service", null), new("../../x", null), new("gone.service", null), new("loop1.service", null)], []);

        Assert.Empty(inventory.Units);
        Assert.Empty(inventory.Gaps);
    }

    private UnitFacts Unit(string name) => new SystemdServices(_source).Describe([new(name, null)], []).Units.Single(unit => unit.Name == name);
}
