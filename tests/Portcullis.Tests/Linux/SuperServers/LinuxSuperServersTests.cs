using System;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.SuperServers;
using Xunit;

namespace Portcullis.Tests.Linux.SuperServers;

public sealed class LinuxSuperServersTests
{
    private readonly MemorySource _source = new MemorySource().File("/etc/services", "telnet 23/tcp\necho 7/tcp\ntime 37/tcp\n");

    [Fact]
    public void All_files_of_both_servers_are_read()
    {
        _source.File("/etc/inetd.conf", "telnet stream tcp nowait root /usr/sbin/telnetd\n")
            .File("/etc/inetd.d/more", "echo stream tcp nowait root internal\n")
            .File("/etc/xinetd.conf", "defaults\n{\n disabled = echo\n}\ninclude /etc/xinetd.conf\nincludedir /etc/xinetd.d\n")
            .File("/etc/xinetd.d/time", "service time\n{\n type = INTERNAL\n}\n")
            .File("/etc/xinetd.d/echo", "service echo\n{\n}\n")
            .File("/etc/xinetd.d/telnet.bak", "service telnet\n{\n}\n");

        SuperServerInventory inventory = new LinuxSuperServers(_source).Read();

        Assert.Equal(
            ["inetd 23 /etc/inetd.conf:1", "inetd 7 /etc/inetd.d/more:1", "xinetd 37 /etc/xinetd.d/time:2"],
            inventory.Entries.Select(static entry => $"{entry.Server} {entry.Port} {entry.Source}"));
        Assert.Empty(inventory.Gaps);
    }

    [Fact]
    public void A_machine_without_super_servers_has_neither_entries_nor_gaps()
    {
        SuperServerInventory inventory = new LinuxSuperServers(_source).Read();

        Assert.Empty(inventory.Entries);
        Assert.Empty(inventory.Gaps);
    }

    [Fact]
    public void What_cannot_be_read_or_understood_is_a_gap_with_its_place()
    {
        _source.File("/etc/inetd.conf", "broken\n").File("/etc/xinetd.conf", "x").Refuse("/etc/xinetd.conf", Errno.EACCES);

        SuperServerInventory inventory = new LinuxSuperServers(_source).Read();

        Assert.Contains(inventory.Gaps, static gap => gap.Why.StartsWith("/etc/inetd.conf line 1:", StringComparison.Ordinal));
        Assert.Contains(inventory.Gaps, static gap => gap.Remedy == "run as root");
    }
}
