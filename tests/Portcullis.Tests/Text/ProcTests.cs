using System;
using System.Collections.Generic;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Text;

public sealed class ProcTests
{
    private const string Raw =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
          1: 00000000:0001 00000000:0000 07 00000000:00000010 00:00000000 00000000   107        0 5634 2 0000000000000000 0

        """;

    private const string Tcp6 =
        """
          sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11122 1 0000000000000000 100 0 0 10 0

        """;

    private const string Packet =
        """
        sk               RefCnt Type Proto  Iface R Rmem   User   Inode
        0000000000000000 3      3    0003   2     1 0      0      98765

        """;

    [Fact]
    public void Raw_socket_is_read_with_protocol_queue_and_user()
    {
        List<ProcNetSockets.Row> rows = [];

        Assert.Equal(0, ProcNetSockets.Read(Raw, rows));
        Assert.Equal(new ProcNetSockets.Row(IpAddress.AnyV4, 1, InetDiag.TCP_CLOSE, 16, 107, 5634), Assert.Single(rows));
    }

    [Fact]
    public void Ipv6_address_is_read_word_by_word()
    {
        List<ProcNetSockets.Row> rows = [];

        Assert.Equal(0, ProcNetSockets.Read(Tcp6, rows));
        Assert.Equal(new ProcNetSockets.Row(IpAddress.Parse("::1"), 8080, InetDiag.TCP_LISTEN, 0, 1000, 11122), Assert.Single(rows));
    }

    [Fact]
    public void Bad_line_is_told_and_the_good_ones_are_kept()
    {
        List<ProcNetSockets.Row> rows = [];

        Assert.Equal(3, ProcNetSockets.Read(Raw + "  2: 0000000G:0001 00000000:0000 07 0:0 0:0 0 0 0 1\n", rows));
        Assert.Single(rows);
    }

    [Fact]
    public void Packet_socket_is_read()
    {
        List<ProcNetPacket.Row> rows = [];

        Assert.Equal(0, ProcNetPacket.Read(Packet, rows));
        Assert.Equal(new ProcNetPacket.Row(3, 2, 0, 98765), Assert.Single(rows));
        Assert.Equal(2, ProcNetPacket.Read("headline\nnonsense\n", rows));
    }

    [Theory]
    [InlineData("812 (nginx) S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 1", "nginx", 1, 12345UL, false)]
    [InlineData("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 9 0 0", "kthreadd", 0, 9UL, true)]
    [InlineData("5 (a) R 9 (b) S 1 5 5 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0", "a) R 9 (b", 1, 77UL, false)]
    public void Stat_is_read_up_to_the_last_parenthesis(string text, string name, int parent, ulong start, bool kernel)
    {
        Assert.True(ProcStat.TryParse(text, out ProcStat stat));
        Assert.Equal(new ProcStat(name, parent, start, kernel), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("812 (nginx")]
    [InlineData("812 (nginx) S 1 812")]
    [InlineData(")(")]
    [InlineData("812 (nginx) S x 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 1")]
    public void Stat_of_another_form_is_refused(string text) => Assert.False(ProcStat.TryParse(text, out _));

    [Fact]
    public void Fields_are_read_and_missing_ones_are_null()
    {
        Assert.Equal(33u, ProcFields.EffectiveUid("Name:\tx\nUid:\t1000\t33\t33\t33\n"));
        Assert.Null(ProcFields.EffectiveUid("Name:\tx\nGid:\t1\t2\n"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000000), ProcFields.BootTime("cpu 1\nbtime 1700000000\n"));
        Assert.Null(ProcFields.BootTime("btime 999999999999999\n"));
        Assert.Equal(4026531840UL, ProcFields.InodeOf("net:[4026531840]", "net"));
        Assert.Null(ProcFields.InodeOf("mnt:[4026531840]", "net"));
        Assert.Null(ProcFields.InodeOf("net:[]", "net"));
    }

    [Fact]
    public void Command_line_keeps_empty_arguments_inside_and_drops_zeros_behind()
    {
        Assert.Equal(["a", "", "b c"], ProcFields.CommandLine("a\0\0b c\0\0\0\0"u8));
        Assert.Empty(ProcFields.CommandLine("\0\0"u8));
        Assert.Equal(["\uFFFD"], ProcFields.CommandLine([0xff, 0]));
    }

    [Fact]
    public void Mounted_namespaces_are_found_with_their_names()
    {
        const string Mountinfo =
            """
            22 1 254:0 / / rw,relatime - ext4 /dev/root rw
            90 25 0:4 net:[4026532345] /run/netns/dark rw shared:5 - nsfs nsfs rw
            91 25 0:4 net:[4026532346] /run/docker/netns/1\0402 rw - nsfs nsfs rw
            92 25 0:4 mnt:[4026532347] /run/other rw - nsfs nsfs rw
            """;

        Assert.Equal(
            [new NamespaceMounts.Mount(4026532345, "/run/netns/dark", "dark"), new NamespaceMounts.Mount(4026532346, "/run/docker/netns/1 2", "")],
            NamespaceMounts.Parse(Mountinfo));
    }

    [Fact]
    public void Parsers_survive_noise()
    {
        TextFuzz.Run(Raw + Tcp6, text => ProcNetSockets.Read(text, []));
        TextFuzz.Run(Packet, text => ProcNetPacket.Read(text, []));
        TextFuzz.Run("812 (nginx) S 1 812 812 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 1 1", text => _ = ProcStat.TryParse(text, out _));
        TextFuzz.Run("90 25 0:4 net:[4026532345] /run/netns/d\\040rk rw shared:5 - nsfs nsfs rw", text => NamespaceMounts.Parse(text));
        TextFuzz.RunBytes(Encoding.ASCII.GetBytes("a\0b\0"), bytes => ProcFields.CommandLine(bytes));
    }
}
