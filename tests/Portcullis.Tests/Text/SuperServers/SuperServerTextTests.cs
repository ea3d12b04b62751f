using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.SuperServers;
using Xunit;

namespace Portcullis.Tests.Text.SuperServers;

public sealed class SuperServerTextTests
{
    private const string Services = "# c\ntelnet\t23/tcp\necho 7/tcp\necho 7/udp ping # c\nhuge 99999/tcp\nbad x/tcp\ntelnet 24/tcp\n";
    private const string Xinetd = "defaults\n{\n\tdisabled = echo\n}\nincludedir /etc/xinetd.d\nservice telnet\n{\n\tdisable = no\n\tserver = /usr/sbin/in.telnetd\n\tuser = root\n\tbind = 10.0.0.1\n}\n";

    private static readonly ServiceNames Names = ServiceNames.Parse(Services);

    [Theory]
    [InlineData("telnet", "tcp", 23)]
    [InlineData("ping", "udp", 7)]
    [InlineData("telnet", "udp", null)]
    [InlineData("2323", "tcp", 2323)]
    [InlineData("0", "tcp", null)]
    [InlineData("65536", "tcp", null)]
    [InlineData("huge", "tcp", null)]
    [InlineData("bad", "tcp", null)]
    public void Names_become_ports_by_protocol(string name, string protocol, int? port) => Assert.Equal(port, Names.PortOf(name, protocol));

    [Theory]
    [InlineData("telnet stream tcp nowait root /usr/sbin/telnetd telnetd", "Tcp 23 - /usr/sbin/telnetd root")]
    [InlineData("telnet stream tcp nowait.400 telnetd.telnetd /usr/sbin/tcpd /usr/sbin/in.telnetd -h", "Tcp 23 - /usr/sbin/in.telnetd telnetd")]
    [InlineData("127.0.0.1:telnet\tstream\ttcp\tnowait\troot:adm\t/x", "Tcp 23 127.0.0.1 /x root")]
    [InlineData("[::1]:telnet stream tcp6 nowait root /x", "Tcp 23 ::1 /x root")]
    [InlineData("*:telnet stream tcp4 nowait root /x", "Tcp 23 0.0.0.0 /x root")]
    [InlineData("echo dgram udp6 wait root internal", "Udp 7 :: - root")]
    [InlineData("8080 stream tcp46 nowait root /x", "Tcp 8080 - /x root")]
    [InlineData("localhost:telnet stream tcp nowait root /x", "Tcp 23 127.0.0.1 /x root")]
    [InlineData("rusersd/1-3 dgram rpc/udp wait root /x", "Udp - - /x root")]
    [InlineData("tcpmux/+date stream tcp nowait root /x", "Tcp - - /x root")]
    [InlineData("telnet stream tcp\n\tnowait root /x", "Tcp 23 - /x root")]
    public void A_line_of_inetd_is_an_entry(string line, string expected)
    {
        SuperServerText text = InetdConfiguration.Parse("# c\n" + line + "\n", "/etc/inetd.conf", Names);

        SuperServerEntry entry = Assert.Single(text.Entries);
        Assert.Equal(expected, $"{entry.Protocol} {entry.Port?.ToString() ?? "-"} {entry.Address?.ToString() ?? "-"} {entry.Program ?? "-"} {entry.User}");
        Assert.Equal("/etc/inetd.conf:2", entry.Source);
        Assert.Empty(text.Errors);
    }

    [Theory]
    [InlineData("# telnet stream tcp nowait root /x")]
    [InlineData("#<off># telnet stream tcp nowait root /x")]
    [InlineData("/run/x.sock stream unix nowait root /x")]
    [InlineData("")]
    public void What_is_switched_off_or_no_port_is_no_entry(string line)
    {
        SuperServerText text = InetdConfiguration.Parse(line, "/x", Names);

        Assert.Empty(text.Entries);
        Assert.Empty(text.Errors);
    }

    [Theory]
    [InlineData("telnet stream tcp", 0)]
    [InlineData("telnet stream quic nowait root /x", 0)]
    [InlineData("unknown stream tcp nowait root /x", 1)]
    [InlineData("nowhere.example:telnet stream tcp nowait root /x", 1)]
    public void A_line_that_is_not_understood_is_an_error_with_its_number(string line, int entries)
    {
        SuperServerText text = InetdConfiguration.Parse("\n" + line, "/x", Names);

        Assert.Equal(entries, text.Entries.Length);
        Assert.Equal(2, Assert.Single(text.Errors).Line);
    }

    [Fact]
    public void An_address_alone_counts_until_the_next()
    {
        SuperServerText text = InetdConfiguration.Parse(
            "127.0.0.1,::1:\ntelnet stream tcp nowait root /x\n*:\necho stream tcp nowait root internal\n", "/x", Names);

        Assert.Equal(["127.0.0.1", "::1", null], text.Entries.Select(static entry => entry.Address?.ToString()));
    }

    [Fact]
    public void A_section_of_xinetd_is_an_entry()
    {
        XinetdConfiguration file = XinetdConfiguration.Parse(Xinetd);

        SuperServerEntry entry = Assert.Single(file.Read("/etc/xinetd.conf", Names, [], []).Entries);
        Assert.Equal("Tcp 23 10.0.0.1 /usr/sbin/in.telnetd root xinetd /etc/xinetd.conf:7", $"{entry.Protocol} {entry.Port} {entry.Address} {entry.Program} {entry.User} {entry.Server} {entry.Source}");
        Assert.Equal([("/etc/xinetd.d", true)], file.Includes);
        Assert.Equal(["echo"], file.Disabled);
    }

    [Theory]
    [InlineData("service echo {\ntype = INTERNAL UNLISTED\nsocket_type = dgram\nport = 7007\nflags = IPv6 IPv4\n}", "Udp 7007 0.0.0.0 -")]
    [InlineData("service x\n{\ntype=RPC\nserver = /x\n}", "Tcp - - /x")]
    [InlineData("service x\n{\nprotocol = udp\nport = 1\nport = 2\n}", "Udp 2 - -")]
    public void Types_ports_and_flags_are_heeded(string text, string expected)
    {
        SuperServerEntry entry = Assert.Single(XinetdConfiguration.Parse(text).Read("/x", Names, [], []).Entries);

        Assert.Equal(expected, $"{entry.Protocol} {entry.Port?.ToString() ?? "-"} {entry.Address?.ToString() ?? "-"} {entry.Program ?? "-"}");
    }

    [Theory]
    [InlineData("service telnet\n{\ndisable = yes\n}", "", "")]
    [InlineData("service telnet\n{\n}", "telnet", "")]
    [InlineData("service telnet\n{\nid = t2\n}", "t2", "")]
    [InlineData("service telnet\n{\n}", "", "echo")]
    public void A_service_may_be_switched_off_in_several_ways(string text, string disabled, string enabled)
    {
        Assert.Empty(XinetdConfiguration.Parse(text).Read("/x", Names, Words(disabled), Words(enabled)).Entries);
        Assert.Single(XinetdConfiguration.Parse(text.Replace("= yes", "= no", System.StringComparison.Ordinal)).Read("/x", Names, [], Words(enabled.Replace("echo", "telnet", System.StringComparison.Ordinal))).Entries);
    }

    [Theory]
    [InlineData("nonsense\n", 1)]
    [InlineData("service telnet\n{\nuser = x\n", 4)]
    [InlineData("service telnet\n{\nuser\n}\n", 3)]
    [InlineData("service unknown\n{\n}\n", 2)]
    [InlineData("service telnet\n{\nbind = nowhere.example\n}\n", 2)]
    public void What_xinetd_would_not_understand_is_an_error_with_its_line(string text, int line) =>
        Assert.Equal(line, Assert.Single(XinetdConfiguration.Parse(text).Read("/x", Names, [], []).Errors).Line);

    [Fact]
    public void Hostile_text_never_throws() =>
        TextFuzz.Run(Xinetd + "127.0.0.1,::1:telnet stream tcp6 nowait.5 root:x /usr/sbin/tcpd /x a\n", static text =>
        {
            InetdConfiguration.Parse(text, "/x", ServiceNames.Parse(text));
            XinetdConfiguration.Parse(text).Read("/x", Names, ["a"], []);
        });

    private static string[] Words(string text) => text.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
}
