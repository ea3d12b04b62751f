using System;
using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

/// <summary>What the kernel tells of routes and of what stands before the rules on an interface.</summary>
public sealed class RouteTests
{
    private static readonly byte[] Via3 = Attribute(4, BitConverter.GetBytes(3));

    [Theory]
    [InlineData(254, null, 254u)]
    [InlineData(252, 1000u, 1000u)] // a number above 255 is told by the attribute alone (RT_TABLE_COMPAT)
    [InlineData(10, 10u, 10u)]
    [InlineData(255, 255u, null)] // the host's own addresses
    public void Route_tells_its_table(byte old, uint? table, uint? expected)
    {
        byte[] row = [.. Row(old, 1), .. Attribute(1, [192, 0, 2, 0]), .. Via3, .. table is uint number ? Attribute(15, BitConverter.GetBytes(number)) : []];
        List<NetworkRoute> routes = [];

        Assert.True(RouteEntry.TryAdd(row, routes));
        Assert.Equal(expected is uint told ? [new NetworkRoute(IpAddress.Parse("192.0.2.0"), 24, 3, told)] : [], routes);
    }

    [Fact]
    public void Route_that_leads_nowhere_is_none()
    {
        List<NetworkRoute> routes = [];
        Assert.True(RouteEntry.TryAdd([.. Row(254, 6), .. Via3], routes)); // RTN_BLACKHOLE
        Assert.Empty(routes);
    }

    [Fact]
    public void Route_by_an_interface_that_is_not_told_is_not_passed_over()
    {
        List<NetworkRoute> routes = [];
        Assert.False(RouteEntry.TryAdd([.. Row(254, 1), .. Attribute(30, BitConverter.GetBytes(7))], routes)); // RTA_NH_ID
        Assert.True(RouteEntry.TryAdd(Row(255, 1), routes));
        Assert.Empty(routes);
    }

    [Theory]
    [InlineData("clsact\0", 3)]
    [InlineData("ingress\0", 3)]
    [InlineData("fq_codel\0", null)]
    [InlineData("", null)]
    public void Discipline_of_incoming_packets_tells_its_interface(string kind, int? expected)
    {
        byte[] row = [0, 0, 0, 0, .. BitConverter.GetBytes(3), .. new byte[12], .. Attribute(1, System.Text.Encoding.ASCII.GetBytes(kind))];
        Assert.Equal(expected, QueueingDiscipline.ClassifiedIn(row));
        Assert.Null(QueueingDiscipline.ClassifiedIn(row.AsSpan(0, 19)));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(0, false)] // XDP_ATTACHED_NONE, which every interface has
    public void Link_tells_whether_a_program_sees_its_packets_first(byte attached, bool expected)
    {
        byte[] row = [.. new byte[4], .. BitConverter.GetBytes(7), .. new byte[8], .. Attribute(3, "eth0\0"u8.ToArray()), .. Attribute(43 | 0x8000, Attribute(2, [attached]))];
        Assert.True(RouteLink.TryDecode(row, out RouteLink link));
        Assert.Equal(expected, link.HasXdp);
    }

    private static byte[] Row(byte table, byte type) => [2, 24, 0, 0, table, 0, 0, type, 0, 0, 0, 0];

    private static byte[] Attribute(ushort type, byte[] value) =>
        [.. BitConverter.GetBytes((ushort)(value.Length + 4)), .. BitConverter.GetBytes(type), .. value, .. new byte[(4 - (value.Length % 4)) % 4]];
}
