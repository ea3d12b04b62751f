using System;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Wire.Packets;

public sealed class InternetChecksumTests
{
    [Theory]
    [InlineData("0001F203F4F5F6F7", 0x220d)] // RFC 1071, 3: the sum is DDF2
    [InlineData("CD7A5555", 0xdd2f)] // RFC 1624, 4: a header's other words and the field that changes
    [InlineData("CD7A3285", 0x0000)] // and after it has changed: 0000, not FFFF
    [InlineData("", 0xffff)]
    [InlineData("00", 0xffff)]
    [InlineData("FFFF", 0x0000)]
    [InlineData("FFFFFFFFFFFF", 0x0000)]
    [InlineData("12", 0xedff)] // an odd byte is the high half of a word
    [InlineData("123456", 0x97cb)] // 1234 + 5600 = 6834
    [InlineData("FFFF0001", 0xfffe)] // the carry comes back
    public void Checksum_is_that_of_the_examples(string hex, int expected) => Assert.Equal(expected, InternetChecksum.Of(Convert.FromHexString(hex)));

    [Fact]
    public void Checksum_of_a_header_is_what_was_worked_out_by_hand()
    {
        // 4600+0020+1234+4000+4006+C000+0201+C633+6402+9404 = 35894, and 5894+3 = 5897, whose complement is A768.
        byte[] bytes = new byte[24];
        Ipv4Header header = new()
        {
            Identification = 0x1234,
            DontFragment = true,
            TimeToLive = 64,
            Protocol = 6,
            Source = IpAddress.Parse("192.0.2.1"),
            Destination = IpAddress.Parse("198.51.100.2"),
        };
        header.Write(bytes, 8, [0x94, 0x04, 0, 0]);
        Assert.Equal("4600" + "0020" + "1234" + "4000" + "4006" + "A768" + "C0000201" + "C6336402" + "94040000", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Checksum_of_a_segment_is_what_was_worked_out_by_hand()
    {
        // Addresses C201+C633+6402 = 1EC36; 0006+0014; 1234+0050+0102+0304+5002+0400: 256DC, and 56DC+2 = 56DE.
        byte[] bytes = new byte[20];
        TcpHeader header = new() { SourcePort = 0x1234, DestinationPort = 80, Sequence = 0x0102_0304, Control = TcpControl.Syn, Window = 1024 };
        header.Write(bytes, IpAddress.Parse("192.0.2.1"), IpAddress.Parse("198.51.100.2"));
        Assert.Equal("1234" + "0050" + "01020304" + "00000000" + "5002" + "0400" + "A921" + "0000", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Checksum_of_a_datagram_is_what_was_worked_out_by_hand()
    {
        // 1EC36 + 0011 + 000B; 1234+0035+000B+6869+2100: 2882F, and 882F+2 = 8831.
        byte[] bytes = new byte[11];
        UdpDatagram.Write(bytes, IpAddress.Parse("192.0.2.1"), IpAddress.Parse("198.51.100.2"), 0x1234, 53, "hi!"u8);
        Assert.Equal("1234" + "0035" + "000B" + "77CE" + "686921", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Checksum_of_an_echo_is_what_was_worked_out_by_hand()
    {
        // 2 * (2001+0DB8) + 1 + 2 = 5B75; 0008 + 003A; 8000+0001+0002: DBBA.
        byte[] bytes = new byte[8];
        IcmpMessage.Write(bytes, IpAddress.Parse("2001:db8::1"), IpAddress.Parse("2001:db8::2"), 128, 0, 0x0001_0002, []);
        Assert.Equal("8000" + "2445" + "00010002", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Checksum_is_the_plain_sum_of_words()
    {
        RandomPackets random = new(13);
        for (int round = 0; round < 5_000; round++)
        {
            byte[] bytes = random.Bytes(random.Random.Next(200));
            Array.Fill(bytes, byte.MaxValue, 0, round % 3 == 0 ? bytes.Length : 0);
            Assert.Equal(Plain(bytes), InternetChecksum.Of(bytes));
            IpAddress source = random.Address(IpVersion.V6);
            IpAddress destination = random.Address(IpVersion.V6);
            byte[] pseudo = new byte[40];
            source.WriteNetworkOrder(pseudo);
            destination.WriteNetworkOrder(pseudo.AsSpan(16));
            pseudo[35] = (byte)bytes.Length;
            pseudo[39] = 6;
            Assert.Equal(Plain([.. pseudo, .. bytes]), InternetChecksum.OfTransport(source, destination, 6, bytes));
        }
    }

    private static ushort Plain(byte[] bytes)
    {
        int sum = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            sum += at % 2 == 0 ? bytes[at] << 8 : bytes[at];
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
