using System;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

/// <summary>What bpf(2) tells of programs and links, and rtnetlink of forwarding.</summary>
public sealed class BpfTests
{
    private static readonly byte[] Info = [.. new byte[64], .. "sd_fw_ingress\0\0\0"u8];

    private static readonly byte[] Row = [10, 0, 0, 0, .. Attribute(1, 7), .. Attribute(2, 1), .. Attribute(4, 0)];

    [Fact]
    public void Program_tells_its_name()
    {
        Assert.Equal("sd_fw_ingress", BpfProgram.NameIn(Info));
        Assert.Equal("abcdefghijklmnop", BpfProgram.NameIn([.. new byte[64], .. "abcdefghijklmnop"u8]));
        Assert.Null(BpfProgram.NameIn(new byte[80]));
        Assert.All(Enumerable.Range(0, Info.Length), length => Assert.Null(BpfProgram.NameIn(Info.AsSpan(0, length))));
    }

    [Fact]
    public void Numbers_are_read_as_far_as_they_are_whole()
    {
        Assert.Equal([1u, 0x1000000u], BpfProgram.NumbersIn([1, 0, 0, 0, 0, 0, 0, 1, 9]));
        Assert.Empty(BpfProgram.NumbersIn([1, 0, 0]));
    }

    [Fact]
    public void Link_that_is_cut_short_is_none()
    {
        byte[] record = [10, 0, 0, 0, 5, 0, 0, 0, 31, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 2, 0, 0, 0, .. new byte[40]];
        Assert.True(BpfLink.TryDecode(record, out BpfLink link));
        Assert.Equal((31u, IpVersion.V6, HookPoint.Forward), (link.Program, link.Version, link.Point));
        Assert.All(Enumerable.Range(0, record.Length), length => Assert.False(BpfLink.TryDecode(record.AsSpan(0, length), out _)));
    }

    [Fact]
    public void Forwarding_is_told_by_interface()
    {
        Assert.True(RouteConfiguration.TryDecode(Row, out RouteConfiguration row));
        Assert.Equal((7, true), (row.Index, row.Forwarding));
        Assert.True(RouteConfiguration.TryDecode(Row.AsSpan(0, 12), out row));
        Assert.Null(row.Forwarding);
        Assert.False(RouteConfiguration.TryDecode([2, .. Row.AsSpan(1)], out _)); // IPv4
        Assert.True(RouteConfiguration.TryDecode([10, 0, 0, 0, .. Attribute(1, uint.MaxValue), .. Attribute(2, 0)], out row));
        Assert.False(row.Forwarding);
        Assert.Equal(RouteConfiguration.NETCONFA_IFINDEX_ALL, row.Index);
        Assert.All(Enumerable.Range(0, 12), length => Assert.False(RouteConfiguration.TryDecode(Row.AsSpan(0, length), out _)));
    }

    [Fact]
    public void Decoders_survive_noise()
    {
        const int Seed = 4711;
        Random random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = (random.Next(3) switch { 0 => Info, 1 => Row, _ => new byte[random.Next(100)] }).ToArray();
            for (int change = 0; change < 4 && noise.Length > 0; change++)
            {
                noise[random.Next(noise.Length)] = (byte)random.Next(256);
            }

            ReadOnlySpan<byte> cut = noise.AsSpan(0, random.Next(noise.Length + 1));
            Assert.True((BpfProgram.NameIn(cut)?.Length ?? 0) <= 16, $"seed {Seed}, round {round}");
            Assert.Equal(cut.Length / 4, BpfProgram.NumbersIn(cut).Length);
            _ = BpfLink.TryDecode(cut, out _);
            _ = RouteConfiguration.TryDecode(cut, out _);
        }
    }

    private static byte[] Attribute(ushort type, uint value) => [8, 0, .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(value)];
}
