using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Services;
using Xunit;

namespace Portcullis.Tests.Linux.Services;

public sealed class StoppedUnitsTests
{
    private const string Vendor = "/usr/lib/systemd/system";
    private const string Plain = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";

    private readonly MemorySource _source = new MemorySource().Directory("/run/systemd/system").Link("/lib", "usr/lib").File($"{Vendor}/a.service", Plain);

    [Fact]
    public void Installed_service_is_stopped_until_systemd_has_started_it()
    {
        Assert.Equal(["a.service"], Stopped("a.service", "missing.service", "../x", "a.socket"));

        _source.Link("/run/systemd/units/invocation:a.service", "0123");
        Assert.Empty(Stopped("a.service"));
    }

    [Fact]
    public void Process_in_the_units_control_group_is_enough()
    {
        _source.File("/sys/fs/cgroup/system.slice/a.service/cgroup.procs", "");
        Assert.Single(Stopped("a.service"));

        _source.File("/sys/fs/cgroup/system.slice/a.service/cgroup.procs", "812\n");
        Assert.Empty(Stopped("a.service"));
    }

    [Fact]
    public void Holder_of_a_socket_runs() =>
        Assert.Empty(new SystemdServices(_source).Describe([new("a.service", null)], ["a.service"]).Stopped!.Value);

    [Fact]
    public void Other_name_of_a_unit_is_the_unit()
    {
        _source.Link($"{Vendor}/b.service", "a.service");
        Assert.Equal(["a.service"], Stopped("b.service", "a.service"));

        _source.Link("/run/systemd/units/invocation:a.service", "0123");
        Assert.Empty(Stopped("b.service", "a.service"));
    }

    [Fact]
    public void Masked_unit_cannot_start_and_is_none()
    {
        _source.Link("/etc/systemd/system/a.service", "/dev/null");

        Assert.Empty(Stopped("a.service"));
    }

    [Fact]
    public void Template_stands_for_the_instances_that_something_pulls_in()
    {
        _source.File($"{Vendor}/c@.service", Plain);
        Assert.Empty(Stopped("c@.service"));

        _source.Link("/etc/systemd/system/multi-user.target.wants/c@one.service", $"{Vendor}/c@.service")
            .Link("/etc/systemd/system/multi-user.target.wants/c@two.service", $"{Vendor}/c@.service")
            .File("/sys/fs/cgroup/system.slice/system-c.slice/c@two.service/cgroup.procs", "7\n");
        Assert.Equal(["c@one.service"], Stopped("c@.service"));
    }

    [Fact]
    public void Where_systemd_does_not_run_nothing_was_looked_for() =>
        Assert.Null(new SystemdServices(new MemorySource().File($"{Vendor}/a.service", Plain)).Describe([], ["a.service"]).Stopped);

    [Fact]
    public void Traces_that_cannot_be_read_are_told()
    {
        _source.Refuse("/run/systemd/units", Errno.EACCES);

        ServiceInventory inventory = new SystemdServices(_source).Describe([], ["a.service"]);
        Assert.Null(inventory.Stopped);
        Assert.Single(inventory.Gaps, gap => gap.What == "which services are stopped");
    }

    private string[] Stopped(params string[] names) =>
        [.. new SystemdServices(_source).Describe([], names).Stopped!.Value.Select(unit => unit.Name)];
}
