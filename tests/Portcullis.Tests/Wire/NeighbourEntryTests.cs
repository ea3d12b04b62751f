using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

public sealed class NeighbourEntryTests
{
    private const int Seed = 20_261_124;
    private const ushort Incomplete = 0x01;
    private const ushort Reachable = 0x02;
    private const ushort Stale = 0x04;
    private const ushort Delay = 0x08;
    private const ushort Probe = 0x10;
    private const ushort Failed = 0x20;
    private const ushort NoArp = 0x40;
    private const ushort Permanent = 0x80;

    private static readonly byte[] s_four = [192, 0, 2, 1];
    private static readonly byte[] s_card = [2, 0, 0, 0, 0, 0x0a];

    [Fact]
    public void Question_is_the_message_of_the_kernels_header()
    {
        byte[] request = NeighbourEntry.Request();
        Assert.Equal((28, 28, 30), (request.Length, request[0], request[4]));
        Assert.Equal(0x301, BitConverter.ToUInt16(request, 6)); // NLM_F_REQUEST | NLM_F_DUMP
        Assert.Equal(new byte[12], request[16..]);
    }

    [Fact]
    public void Inquiry_is_the_message_of_the_kernels_header()
    {
        // struct nlmsghdr: length, type 28, NLM_F_REQUEST | NLM_F_ACK and NLM_F_CREATE or NLM_F_REPLACE; struct ndmsg: family, interface, state, flags; NDA_DST.
        IpAddress four = IpAddress.FromNetworkOrder(s_four);
        Assert.Equal("24000000" + "1C00" + "0504" + "00000000" + "00000000" + "02000000" + "07000000" + "0000" + "01" + "00" + "0800" + "0100" + "C0000201", Convert.ToHexString(NeighbourEntry.Inquiry(7, four, isKnown: false)));
        Assert.Equal("24000000" + "1C00" + "0501" + "00000000" + "00000000" + "02000000" + "07000000" + "1000" + "00" + "00" + "0800" + "0100" + "C0000201", Convert.ToHexString(NeighbourEntry.Inquiry(7, four, isKnown: true)));
    }

    [Theory]
    [InlineData(Reachable, true, false)]
    [InlineData(Stale, false, false)]
    [InlineData(Delay, false, false)]
    [InlineData(Probe, false, false)]
    [InlineData(Permanent, false, true)]
    [InlineData(NoArp, false, true)]
    public void Only_who_answered_a_moment_ago_is_confirmed(ushort state, bool isConfirmed, bool isFixed)
    {
        byte[] row = [.. Head(2, 7, state), .. Attribute(1, s_four), .. Attribute(2, s_card)];
        Assert.True(NeighbourEntry.TryDecode(row, out NeighbourEntry entry));
        Assert.Equal((isConfirmed, isFixed, state == Probe, 6), (entry.IsConfirmed, entry.IsFixed, entry.IsBeingAsked, entry.Card.Length));
    }

    [Theory]
    [InlineData(Reachable, true, false)]
    [InlineData(Permanent, true, false)]
    [InlineData(Incomplete, false, false)] // what it was before, perhaps
    [InlineData(Failed, false, true)]
    public void Row_is_read(ushort state, bool isKnown, bool hasFailed)
    {
        byte[] row = [.. Head(2, 7, state), .. Attribute(1, s_four), .. Attribute(2, s_card), .. Attribute(3, new byte[16])];
        Assert.True(NeighbourEntry.TryDecode(row, out NeighbourEntry entry));
        Assert.Equal((7, IpAddress.Parse("192.0.2.1"), hasFailed), (entry.Interface, entry.Address, entry.HasFailed));
        Assert.Equal(isKnown ? s_card : [], entry.Card.ToArray());
    }

    [Theory]
    [InlineData(4, 8, true, 8)]
    [InlineData(16, 0, true, 0)]
    [InlineData(4, 20, true, 0)] // InfiniBand's; no packet socket could be told it
    [InlineData(5, 6, false, 0)]
    [InlineData(0, 6, false, 0)]
    public void Addresses_of_other_lengths_are_not_taken(int address, int card, bool expected, int taken)
    {
        byte[] row = [.. Head(10, 1, Reachable), .. Attribute(1, new byte[address]), .. Attribute(2, new byte[card])];
        Assert.Equal(expected, NeighbourEntry.TryDecode(row, out NeighbourEntry entry));
        Assert.Equal(taken, entry.Card.Length);
    }

    [Fact]
    public void Row_without_an_address_is_refused()
    {
        Assert.False(NeighbourEntry.TryDecode(Head(2, 7, Reachable), out _));
        Assert.False(NeighbourEntry.TryDecode([.. Head(2, 7, Reachable), .. Attribute(2, s_card)], out _));
    }

    [Fact]
    public void Every_truncation_is_refused_or_ends_between_two_attributes()
    {
        byte[] row = [.. Head(2, 7, Reachable), .. Attribute(1, s_four), .. Attribute(2, s_card)];
        for (int length = 0; length <= row.Length; length++)
        {
            // The last attribute's padding need not be there.
            Assert.Equal(length is 20 or >= 30, NeighbourEntry.TryDecode(row.AsSpan(0, length), out NeighbourEntry entry));
            Assert.Equal(length >= 30 ? 6 : 0, entry.Card.Length);
        }
    }

    [Fact]
    public void No_row_makes_reading_throw()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        Random random = new(Seed);
        byte[] valid = [.. Head(2, 7, Reachable), .. Attribute(1, s_four), .. Attribute(2, s_card)];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. valid];
            random.NextBytes(round % 4 == 0 ? bytes : bytes.AsSpan(random.Next(bytes.Length), 1));
            bool isRead = NeighbourEntry.TryDecode(bytes.AsSpan(0, round % 3 == 0 ? random.Next(bytes.Length) : bytes.Length), out NeighbourEntry entry);
            Assert.InRange(entry.Card.Length, 0, 8);
            read += isRead ? 1 : 0;
        }

        Assert.InRange(read, 2_000, 18_000);
    }

    private static byte[] Head(byte family, int link, ushort state) => [family, 0, 0, 0, .. BitConverter.GetBytes(link), .. BitConverter.GetBytes(state), 0, 1];

    private static byte[] Attribute(int type, byte[] value) =>
        [.. BitConverter.GetBytes((ushort)(value.Length + 4)), .. BitConverter.GetBytes((ushort)type), .. value, .. new byte[-value.Length & 3]];
}
