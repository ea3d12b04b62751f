using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Tracing;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;
using Portcullis.Tests.Text;
using Xunit;

namespace Portcullis.Tests.Analysis.Tracing;

/// <summary>What is worked out from packets alone.</summary>
public sealed class LadderTests
{
    private const TcpControl Ack = TcpControl.Ack;
    private static readonly TcpFlow Flow = new(IpAddress.Parse("192.0.2.1"), 40000, IpAddress.Parse("192.0.2.2"), 80);

    private readonly List<CapturedPacket> _packets = [];

    [Fact]
    public void Numbers_windows_and_receipts_are_worked_out_across_the_wrap()
    {
        Say(0, true, TcpControl.Syn, uint.MaxValue, 0, options: new TcpOptions { WindowScale = 0 });
        Say(10, false, TcpControl.Syn | Ack, 5000, 0, options: new TcpOptions { WindowScale = 3 });
        Say(11, true, Ack, 0, 5001, new byte[100]);
        Say(31, false, Ack, 5001, 100);
        ImmutableArray<TracedPacket> packets = Ladder.Of(Flow, _packets).Packets;
        Assert.Equal([0L, 0L, 1L, 1L], packets.Select(static packet => packet.RelativeSequence));
        Assert.Equal([null, 1L, 1L, 101L], packets.Select(static packet => packet.RelativeAcknowledgement));
        Assert.Equal([1000, 1000, 1000, 8000], packets.Select(static packet => packet.Window)); // that of a SYN is not scaled
        Assert.Equal([null, 0, 1, 2], packets.Select(static packet => packet.ReceiptFor));
        Assert.Equal([null, 10.0, null, 20.0], packets.Select(static packet => packet.RoundTrip?.TotalMilliseconds));
        Assert.Equal("SYN,ACK", packets[1].Flags);
    }

    [Fact]
    public void Resend_is_told_with_its_gap_and_its_receipt_measures_nothing()
    {
        Say(0, true, TcpControl.Syn, 100, 0);
        Say(1000, true, TcpControl.Syn, 100, 0);
        Say(1200, false, TcpControl.Syn | Ack, 5000, 101);
        ImmutableArray<TracedPacket> packets = Ladder.Of(Flow, _packets).Packets;
        Assert.Equal([false, true, false], packets.Select(static packet => packet.IsResend));
        Assert.Equal(1000, packets[1].Gap?.TotalMilliseconds);
        Assert.Null(packets[2].RoundTrip);
    }

    [Fact]
    public void What_comes_late_for_the_first_time_is_no_resend()
    {
        Say(0, false, Ack, 200, 1, new byte[100]);
        Say(1, false, Ack, 100, 1, new byte[100]);
        Say(2, false, Ack, 150, 1, new byte[100]);
        Assert.Equal([false, false, true], Ladder.Of(Flow, _packets).Packets.Select(static packet => packet.IsResend));
    }

    [Fact]
    public void Message_about_our_packet_belongs_to_it_and_others_do_not()
    {
        Say(0, true, TcpControl.Syn, 100, 0);
        byte[] syn = [.. _packets[0].Bytes];
        byte[] message = new byte[20 + 8 + 28];
        IpAddress router = IpAddress.Parse("10.0.0.1");
        int length = IcmpMessage.Write(message.AsSpan(20), router, Flow.Source, 3, 13, 0, syn.AsSpan(0, 28));
        new Ipv4Header { TimeToLive = 60, Protocol = 1, Source = router, Destination = Flow.Source }.Write(message, length);
        _packets.Add(new CapturedPacket(TimeSpan.FromMilliseconds(5), false, [.. message]));
        byte[] foreign = [.. message];
        foreign[20 + 8 + 20 + 1] ^= 1; // another source port, and so another checksum
        _packets.Add(new CapturedPacket(TimeSpan.FromMilliseconds(6), false, [.. foreign]));
        TracedPacket told = Ladder.Of(Flow, _packets).Packets[^1];
        Assert.Equal(((3, 13), "ICMP administratively prohibited", 0, 5.0), (told.Icmp!.Value, told.Flags, told.ReceiptFor!.Value, told.RoundTrip!.Value.TotalMilliseconds));
    }

    [Fact]
    public void Hostile_packets_are_left_out_without_exception()
    {
        Say(0, false, TcpControl.Syn | Ack, 5000, 0, options: new TcpOptions { WindowScale = 255, SegmentSize = 0 });
        TextFuzz.RunBytes([.. _packets[0].Bytes], static bytes => Ladder.Of(Flow, [new CapturedPacket(TimeSpan.Zero, false, [.. bytes]), new CapturedPacket(TimeSpan.Zero, true, [.. bytes])]));
    }

    private void Say(double milliseconds, bool isOutgoing, TcpControl control, uint sequence, uint acknowledgement, byte[]? data = null, TcpOptions options = default)
    {
        TcpFlow flow = isOutgoing ? Flow : Flow.Reverse;
        byte[] packet = new byte[200];
        Span<byte> optionBytes = stackalloc byte[TcpOptions.MostBytes];
        int length = new TcpHeader { SourcePort = flow.SourcePort, DestinationPort = flow.DestinationPort, Sequence = sequence, Acknowledgement = acknowledgement, Control = control, Window = 1000 }
            .Write(packet.AsSpan(20), flow.Source, flow.Destination, optionBytes[..options.Write(optionBytes)], data);
        new Ipv4Header { TimeToLive = 64, Protocol = TcpSegment.Number, Source = flow.Source, Destination = flow.Destination }.Write(packet, length);
        _packets.Add(new CapturedPacket(TimeSpan.FromMilliseconds(milliseconds), isOutgoing, [.. packet[..(20 + length)]]));
    }
}
