using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class NeighbourMessageTests
{
    private const string Target = "20010DB8000000000000000000000002";
    private const string Link = "02000000000A";

    private static readonly IpAddress s_source = IpAddress.Parse("2001:db8::1");
    private static readonly IpAddress s_group = IpAddress.Parse("ff02::1:ff00:2");

    [Theory]
    [InlineData("87", "00000000", "0101" + Link, false, true)]
    [InlineData("87", "00000000", "", false, false)] // duplicate address detection tells no card
    [InlineData("88", "60000000", "0201" + Link, true, true)]
    [InlineData("88", "60000000", "0101" + Link, true, false)] // the sender's card is not that of the target
    [InlineData("87", "00000000", "0201" + Link, false, false)]
    [InlineData("87", "00000000", "0E01" + "112233445566" + "0101" + Link, false, true)] // behind a nonce (RFC 3971)
    [InlineData("88", "60000000", "0202" + Link + "0000000000000000", true, false)] // another link's address, not one of Ethernet
    public void Message_is_read(string type, string flags, string options, bool isAdvertisement, bool isTold)
    {
        Assert.Equal(PacketFault.None, Read(Convert.FromHexString(type + "00" + "0000" + flags + Target + options), out NeighbourMessage message));
        Assert.Equal(new NeighbourMessage(isAdvertisement, IpAddress.Parse("2001:db8::2"), isTold ? new MacAddress(0x0200_0000_000a) : null), message);
    }

    [Fact]
    public void Every_truncation_is_told()
    {
        byte[] bytes = Convert.FromHexString("87" + "00" + "0000" + "00000000" + Target + "0101" + Link + "0E01" + "112233445566");
        for (int length = 0; length <= bytes.Length; length++)
        {
            PacketFault expected = length < 24 ? PacketFault.Truncated : length is 24 or 32 or 40 ? PacketFault.None : PacketFault.Extensions;
            Assert.Equal(expected, Read(bytes.AsSpan(0, length), out NeighbourMessage message));
            Assert.Equal(expected == PacketFault.None && length > 24, message.LinkAddress is not null);
        }
    }

    [Theory]
    [InlineData("86", "00", "", PacketFault.Kind)] // of a router
    [InlineData("87", "01", "", PacketFault.Kind)]
    [InlineData("87", "00", "0100" + Link, PacketFault.Extensions)] // length 0 would never end (RFC 4861, 4.6)
    [InlineData("87", "00", "0102" + Link, PacketFault.Extensions)]
    [InlineData("87", "00", "01", PacketFault.Extensions)]
    public void Invalid_message_is_told_with_its_reason(string type, string code, string options, PacketFault expected)
    {
        Assert.Equal(expected, Read(Convert.FromHexString(type + code + "0000" + "00000000" + Target + options), out NeighbourMessage message));
        Assert.Equal(default, message);
    }

    [Fact]
    public void Message_of_the_older_protocol_is_another_kind()
    {
        byte[] bytes = Convert.FromHexString("87" + "00" + "0000" + "00000000" + Target);
        Assert.Equal(PacketFault.None, IcmpMessage.Read(bytes, IpVersion.V4, out IcmpMessage older));
        Assert.Equal(PacketFault.Kind, NeighbourMessage.Read(older, out _));
    }

    [Fact]
    public void Message_that_was_written_is_read_and_its_checksum_is_right()
    {
        RandomPackets random = new(3);
        byte[] bytes = new byte[40];
        for (int round = 0; round < 1_000; round++)
        {
            NeighbourMessage message = random.Neighbour();
            random.Random.NextBytes(bytes);
            int length = message.Write(bytes, s_source, s_group);
            Assert.Equal(message.LinkAddress is null ? 24 : 32, length);
            Assert.Equal(PacketFault.None, IcmpMessage.Read(bytes.AsSpan(0, length), IpVersion.V6, out IcmpMessage written));
            Assert.True(written.ChecksumIsValid(s_source, s_group));
            Assert.Equal(message.IsAdvertisement ? 0x6000_0000u : 0u, written.Word);
            Assert.Equal(PacketFault.None, NeighbourMessage.Read(written, out NeighbourMessage read));
            Assert.Equal(message, read);
        }
    }

    private static PacketFault Read(ReadOnlySpan<byte> bytes, out NeighbourMessage neighbour)
    {
        neighbour = default;
        PacketFault fault = IcmpMessage.Read(bytes, IpVersion.V6, out IcmpMessage message);
        return fault == PacketFault.None ? NeighbourMessage.Read(message, out neighbour) : fault;
    }
}
