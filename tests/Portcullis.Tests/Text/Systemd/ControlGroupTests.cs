using Portcullis.Core.Text.Systemd;
using Xunit;

namespace Portcullis.Tests.Text.Systemd;

public sealed class ControlGroupTests
{
    [Theory]
    [InlineData("/system.slice/ssh.service", "ssh.service", null)]
    [InlineData("/system.slice/ssh.service/", "ssh.service", null)]
    [InlineData("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", null)]
    [InlineData("/init.scope", "init.scope", null)]
    [InlineData("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", null)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/web.service", "web.service", 1000u)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/init.scope", "init.scope", 1000u)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service", "user@1000.service", null)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice", "user@1000.service", null)]
    [InlineData("/machine.slice/systemd-nspawn@x.service/payload/system.slice/y.service", "systemd-nspawn@x.service", null)]
    [InlineData("/system.slice/docker.service/system.slice/evil.service", "docker.service", null)]
    [InlineData("/system.slice/docker-0123.scope", "docker-0123.scope", null)]
    [InlineData("/system.slice/_cgroup.service", "cgroup.service", null)]
    [InlineData("/system.slice/foo\\x2dbar.service", "foo\\x2dbar.service", null)]
    public void A_control_group_belongs_to_the_outermost_unit(string path, string name, uint? user)
    {
        ControlGroupUnit? unit = ControlGroup.UnitOf(path);

        Assert.NotNull(unit);
        Assert.Equal(name, unit.Name);
        Assert.Equal(user, unit.User);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("system.slice/ssh.service")]
    [InlineData("/system.slice")]
    [InlineData("/system.slice/ssh")]
    [InlineData("/docker/0123456789abcdef")]
    [InlineData("/payload/system.slice/ssh.service")]
    [InlineData("/system.slice/ss h.service")]
    [InlineData("/system.slice/getty@.service")]
    [InlineData("/system.slice/@x.service")]
    [InlineData("/../system.slice/x.service")]
    public void A_path_that_systemd_did_not_make_has_no_unit(string? path) => Assert.Null(ControlGroup.UnitOf(path));

    [Fact]
    public void Slices_and_sessions_and_managers_are_told()
    {
        ControlGroupUnit? unit = ControlGroup.UnitOf("/user.slice/user-1000.slice/session-c3.scope");

        Assert.Equal(["user.slice", "user-1000.slice"], unit!.Slices);
        Assert.Equal("c3", unit.Session);
        Assert.False(unit.IsManager);
        Assert.True(ControlGroup.UnitOf("/init.scope")!.IsManager);
        Assert.Null(ControlGroup.UnitOf("/system.slice/session-x.service")!.Session);
        Assert.Equal(["app.slice"], ControlGroup.UnitOf("/user.slice/user-7.slice/user@7.service/app.slice/a.service")!.Slices);
    }

    [Theory]
    [InlineData("0::/system.slice/ssh.service\n", "/system.slice/ssh.service")]
    [InlineData("12:pids:/x\n1:name=systemd:/system.slice/a.service\n0::/system.slice/b.service\n", "/system.slice/b.service")]
    [InlineData("1:name=systemd:/system.slice/a.service\n0::/\n", "/system.slice/a.service")]
    [InlineData("1:name=systemd:/system.slice/a.service\n", "/system.slice/a.service")]
    [InlineData("0::/\n", "/")]
    [InlineData("0::/system.slice/a.service (deleted)\n", "/system.slice/a.service")]
    [InlineData("0::/a:b/c.service", "/a:b/c.service")]
    [InlineData("1:name=systemd:/mine/x\r0::/system.slice/a.service\n0::/\n", "/mine/x\r0::/system.slice/a.service")]
    [InlineData("0::/mine/x\u20280::/system.slice/a.service\n", "/mine/x\u20280::/system.slice/a.service")]
    [InlineData("4:memory:/system.slice/a.service\n", null)]
    [InlineData("0::\n", null)]
    [InlineData("::::\n:\n0\n", null)]
    [InlineData("", null)]
    public void The_unified_hierarchy_counts_unless_only_systemds_own_says_more(string text, string? path) => Assert.Equal(path, ControlGroup.PathOf(text));

    [Fact]
    public void Hostile_text_never_throws() =>
        TextFuzz.Run("1:name=systemd:/user.slice/user-1000.slice/user@1000.service/app.slice/_x.service\n0::/\n", static text =>
        {
            ControlGroup.UnitOf(ControlGroup.PathOf(text));
            ControlGroup.UnitOf("/" + text);
        });
}
