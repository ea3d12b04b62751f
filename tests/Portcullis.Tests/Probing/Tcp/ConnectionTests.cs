using System;
using System.Linq;
using System.Text;
using Portcullis.Core.Probing.Tcp;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.Tests.Probing.Tcp;

/// <summary>Segment by segment, what RFC 9293, 5961 and 6298 ask for.</summary>
public sealed class ConnectionTests
{
    private const TcpControl Syn = TcpControl.Syn;
    private const TcpControl Ack = TcpControl.Ack;
    private const TcpControl Fin = TcpControl.Fin;
    private const TcpControl Rst = TcpControl.Rst;
    private const uint Ours = PeerBench.Ours;
    private const uint Theirs = PeerBench.Theirs;

    [Fact]
    public void Handshake_is_three_segments() // 9293, 3.5, figure 6
    {
        PeerBench bench = new();
        bench.Tcp.Open(bench.Now);
        (TcpHeader syn, int length) = Assert.Single(bench.Emitted());
        Assert.Equal((Syn, Ours, 0u, 0), (syn.Control, syn.Sequence, syn.Acknowledgement, length));
        bench.Say(Syn | Ack, Theirs, Ours + 1);
        (TcpHeader ack, _) = Assert.Single(bench.Emitted());
        Assert.Equal((Ack, Ours + 1, Theirs + 1), (ack.Control, ack.Sequence, ack.Acknowledgement));
        Assert.Equal(TcpPhase.Established, bench.Tcp.Phase);
        Assert.Null(bench.Tcp.WakeAt);
    }

    [Fact]
    public void Answer_to_another_SYN_is_reset_and_ours_goes_on() // 9293, 3.5.1, figure 9: an old duplicate
    {
        PeerBench bench = new();
        bench.Tcp.Open(bench.Now);
        bench.Emitted();
        bench.Say(Syn | Ack, Theirs, Ours + 50);
        (TcpHeader reset, _) = Assert.Single(bench.Emitted());
        Assert.Equal((Rst, Ours + 50), (reset.Control, reset.Sequence));
        Assert.Equal(TcpPhase.SynSent, bench.Tcp.Phase);
    }

    [Theory]
    [InlineData(Rst | Ack, Ours + 1, TcpEnding.Refused)]
    [InlineData(Rst | Ack, Ours, TcpEnding.None)] // does not acknowledge our SYN
    [InlineData(Rst | Ack, Ours + 2, TcpEnding.None)]
    [InlineData(Rst, 0u, TcpEnding.None)] // acknowledges nothing
    [InlineData(Ack, Ours + 1, TcpEnding.None)]
    public void Only_a_reset_that_acknowledges_our_SYN_refuses(TcpControl control, uint acknowledgement, TcpEnding expected) // 9293, 3.10.7.3
    {
        PeerBench bench = new();
        bench.Tcp.Open(bench.Now);
        bench.Emitted();
        bench.Say(control, 0, acknowledgement);
        Assert.Equal(expected, bench.Tcp.Ending);
    }

    [Fact]
    public void Both_sides_may_ask_at_once() // 9293, 3.5, figure 8
    {
        PeerBench bench = new();
        bench.Tcp.Open(bench.Now);
        bench.Emitted();
        bench.Say(Syn, Theirs, 0);
        (TcpHeader answer, _) = Assert.Single(bench.Emitted());
        Assert.Equal((Syn | Ack, Ours, Theirs + 1), (answer.Control, answer.Sequence, answer.Acknowledgement));
        bench.Say(Ack, Theirs + 1, Ours + 1);
        Assert.Equal(TcpPhase.Established, bench.Tcp.Phase);
    }

    [Theory]
    [InlineData(Theirs + 1, TcpEnding.ResetByPeer, false)] // the very number
    [InlineData(Theirs + 2, TcpEnding.None, true)] // in the window: asked about
    [InlineData(Theirs + 60_000, TcpEnding.None, true)]
    [InlineData(Theirs + 70_000, TcpEnding.None, false)] // outside: dropped
    [InlineData(Theirs, TcpEnding.None, false)]
    public void Reset_counts_only_with_the_expected_number(uint sequence, TcpEnding expected, bool isChallenged) // 5961, 3.2
    {
        PeerBench bench = PeerBench.Established();
        bench.Say(Rst, sequence, 0);
        Assert.Equal(expected, bench.Tcp.Ending);
        Assert.Equal(isChallenged, bench.Emitted() is [(var header, 0)] && header.Control == Ack && header.Acknowledgement == Theirs + 1);
    }

    [Fact]
    public void Storm_of_resets_gets_few_answers() // 5961, 7
    {
        PeerBench bench = PeerBench.Established();
        int answers = 0;
        for (uint at = 0; at < 10_000; at++)
        {
            bench.Say(Rst, Theirs + 2 + at, 0);
            answers += bench.Emitted().Count;
        }

        Assert.InRange(answers, 1, 10);
        Assert.Equal(TcpPhase.Established, bench.Tcp.Phase);
    }

    [Fact]
    public void SYN_in_a_connection_is_asked_about() // 5961, 4
    {
        PeerBench bench = PeerBench.Established();
        bench.Say(Syn, Theirs + 100, 0);
        (TcpHeader header, _) = Assert.Single(bench.Emitted());
        Assert.Equal((Ack, Ours + 1, Theirs + 1), (header.Control, header.Sequence, header.Acknowledgement));
    }

    [Theory]
    [InlineData(Ours + 2)] // not sent yet
    [InlineData(unchecked(Ours - 20_000))] // older than any window
    public void Data_with_an_impossible_acknowledgement_is_not_taken(uint acknowledgement) // 5961, 5
    {
        PeerBench bench = PeerBench.Established();
        bench.Say(Ack, Theirs + 1, acknowledgement, [1, 2, 3]);
        Assert.Single(bench.Emitted());
        Assert.Empty(bench.Read());
    }

    [Fact]
    public void Early_data_waits_and_overlapping_data_is_taken_once()
    {
        PeerBench bench = PeerBench.Established();
        byte[] text = Encoding.ASCII.GetBytes("abcdefghij");
        bench.Say(Ack, Theirs + 1 + 6, Ours + 1, text[6..]);
        Assert.Equal(Theirs + 1, Assert.Single(bench.Emitted()).Header.Acknowledgement);
        Assert.Empty(bench.Read());
        bench.Say(Ack, Theirs + 1 + 2, Ours + 1, text[2..8]);
        bench.Emitted();
        bench.Say(Ack, Theirs + 1, Ours + 1, text[..3]);
        Assert.Equal(Theirs + 11, Assert.Single(bench.Emitted()).Header.Acknowledgement);
        Assert.Equal(text, bench.Read());
    }

    [Fact]
    public void Many_pieces_apart_are_bounded_and_the_missing_piece_is_always_taken()
    {
        PeerBench bench = PeerBench.Established();
        for (uint at = 1; at < 200; at++)
        {
            bench.Say(Ack, Theirs + 1 + (at * 10), Ours + 1, [(byte)at]); // more pieces than are kept
        }

        bench.Say(Ack, Theirs + 1, Ours + 1, [0]);
        Assert.Equal([0], bench.Read());
        for (uint at = 0; at < 2000; at += 100)
        {
            bench.Say(Ack, Theirs + 1 + at, Ours + 1, new byte[100]);
        }

        Assert.Equal(1999, bench.Read().Length);
    }

    [Fact]
    public void FIN_goes_both_ways() // 9293, 3.6, figure 12
    {
        PeerBench bench = PeerBench.Established();
        bench.Tcp.Close();
        Assert.Equal((Fin | Ack, Ours + 1), Assert.Single(bench.Emitted()) is var (fin, _) ? (fin.Control, fin.Sequence) : default);
        bench.Say(Ack, Theirs + 1, Ours + 2);
        Assert.Equal(TcpPhase.FinWait2, bench.Tcp.Phase);
        bench.Say(Fin | Ack, Theirs + 1, Ours + 2);
        Assert.Equal((Ack, Theirs + 2), Assert.Single(bench.Emitted()) is var (ack, _) ? (ack.Control, ack.Acknowledgement) : default);
        Assert.Equal((TcpPhase.TimeWait, TcpEnding.Closed), (bench.Tcp.Phase, bench.Tcp.Ending));
        bench.Say(Fin | Ack, Theirs + 1, Ours + 2); // our receipt was lost
        Assert.Equal(Theirs + 2, Assert.Single(bench.Emitted()).Header.Acknowledgement);
    }

    [Fact]
    public void Peer_may_close_first_and_both_at_once() // 9293, 3.6, figure 13
    {
        PeerBench first = PeerBench.Established();
        first.Say(Fin | Ack, Theirs + 1, Ours + 1);
        Assert.Equal(TcpPhase.CloseWait, first.Tcp.Phase);
        Assert.True(first.Tcp.IsReadToEnd);
        first.Tcp.Close();
        first.Emitted();
        first.Say(Ack, Theirs + 2, Ours + 2);
        Assert.Equal(TcpEnding.Closed, first.Tcp.Ending);

        PeerBench both = PeerBench.Established();
        both.Tcp.Close();
        both.Emitted();
        both.Say(Fin | Ack, Theirs + 1, Ours + 1);
        Assert.Equal(TcpPhase.Closing, both.Tcp.Phase);
        both.Emitted();
        both.Say(Ack, Theirs + 2, Ours + 2);
        Assert.Equal(TcpEnding.Closed, both.Tcp.Ending);
    }

    [Fact]
    public void SYN_is_sent_again_after_one_three_and_seven_seconds() // 6298, 2.1 and 5.5
    {
        PeerBench bench = new();
        bench.Tcp.Open(bench.Now);
        Assert.Single(bench.Emitted());
        foreach (int seconds in (int[])[1, 2, 4])
        {
            Assert.Empty(bench.After(TimeSpan.FromSeconds(seconds - 0.001)));
            Assert.Equal(Syn, Assert.Single(bench.After(TimeSpan.FromSeconds(0.001))).Header.Control);
        }

        Assert.Empty(bench.After(TimeSpan.FromSeconds(8)));
        Assert.Equal(TcpEnding.TimedOut, bench.Tcp.Ending);
    }

    [Fact]
    public void Timer_follows_the_round_trips_and_Karns_rule() // 6298, 2 and 3
    {
        TcpSettings settings = new() { LeastTimeout = TimeSpan.Zero };
        PeerBench bench = PeerBench.Established(settings); // the handshake took no time
        bench.Tcp.Write(new byte[10]);
        bench.Emitted();
        Assert.Equal(10, Assert.Single(bench.After(bench.Tcp.Timeout)).Length); // resent
        TimeSpan doubled = bench.Tcp.Timeout;
        bench.After(TimeSpan.FromMilliseconds(1));
        bench.Say(Ack, Theirs + 1, Ours + 11);
        Assert.Equal(doubled, bench.Tcp.Timeout); // a receipt for which of the two? It measures nothing

        bench.Tcp.Write(new byte[10]);
        bench.Emitted();
        bench.After(TimeSpan.FromMilliseconds(0.5));
        bench.Say(Ack, Theirs + 1, Ours + 21);
        Assert.NotEqual(doubled, bench.Tcp.Timeout);
    }

    [Fact]
    public void Estimate_is_that_of_the_RFC() // 6298, 2.2 and 2.3
    {
        RetransmissionTimeout timeout = new(new TcpSettings { LeastTimeout = TimeSpan.Zero });
        Assert.Equal(TimeSpan.FromSeconds(1), timeout.Current);
        timeout.Measure(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromMilliseconds(100 + (4 * 50)), timeout.Current);
        timeout.Measure(TimeSpan.FromMilliseconds(200));
        Assert.Equal(112.5, timeout.Smoothed!.Value.TotalMilliseconds, 3);
        Assert.Equal(112.5 + (4 * 62.5), timeout.Current.TotalMilliseconds, 3);
        timeout.BackOff();
        Assert.Equal(2 * 362.5, timeout.Current.TotalMilliseconds, 3);
        timeout.Measure(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(60), timeout.Current);
    }

    [Fact]
    public void Shut_window_is_asked_by_single_bytes_until_it_opens() // 9293, 3.8.6.1
    {
        PeerBench bench = PeerBench.Established(window: 0);
        bench.Tcp.Write(new byte[100]);
        Assert.Empty(bench.Emitted());
        for (int probe = 0; probe < 20; probe++)
        {
            Assert.Equal(1, Assert.Single(bench.After(TimeSpan.FromSeconds(60))).Length);
            bench.Say(Ack, Theirs + 1, Ours + 1, window: 0);
            Assert.Empty(bench.Emitted());
        }

        bench.Say(Ack, Theirs + 1, Ours + 1, window: 1000);
        Assert.Equal(100, bench.Emitted().Sum(static segment => segment.Length));
    }

    [Fact]
    public void Window_of_the_peer_is_kept_and_scaled() // 7323, 2
    {
        PeerBench bench = PeerBench.Established(options: new TcpOptions { WindowScale = 2 }, window: 1000);
        bench.Tcp.Write(new byte[20_000]);
        Assert.Equal(1000, bench.Emitted().Sum(static segment => segment.Length)); // that of the SYN is not scaled
        bench.Say(Ack, Theirs + 1, Ours + 1001, window: 1000);
        Assert.Equal(2920, bench.Emitted().Sum(static segment => segment.Length)); // of 4000: two whole segments, and no small one to fill the rest
    }

    [Fact]
    public void Third_duplicate_receipt_brings_the_first_segment_again() // 5681, 3.2
    {
        PeerBench bench = PeerBench.Established(window: 60_000);
        bench.Tcp.Write(new byte[7300]);
        Assert.Equal(5, bench.Emitted().Count);
        for (int duplicate = 1; duplicate <= 3; duplicate++)
        {
            bench.Say(Ack, Theirs + 1, Ours + 1, window: 60_000);
            Assert.Equal(duplicate == 3 ? 1 : 0, bench.Emitted().Count);
        }
    }

    [Fact]
    public void Damaged_and_foreign_packets_change_nothing()
    {
        PeerBench bench = PeerBench.Established();
        TcpFlow flow = bench.Tcp.Flow;
        byte[] packet = new byte[43];
        new TcpHeader { SourcePort = flow.DestinationPort, DestinationPort = flow.SourcePort, Sequence = Theirs + 1, Acknowledgement = Ours + 1, Control = Ack, Window = 100 }
            .Write(packet.AsSpan(20), flow.Destination, flow.Source, default, [1, 2, 3]);
        new Ipv4Header { TimeToLive = 64, Protocol = 6, Source = flow.Destination, Destination = flow.Source }.Write(packet, 23);
        byte[] damaged = [.. packet];
        damaged[42] ^= 1;
        Assert.False(bench.Tcp.Arrive(damaged, bench.Now));
        byte[] foreign = [.. packet];
        foreign[21] ^= 1; // another port
        Assert.False(bench.Tcp.Arrive(foreign, bench.Now, isIntact: true));
        Assert.Equal(0, bench.Tcp.Readable);
        Assert.True(bench.Tcp.Arrive(damaged, bench.Now, isIntact: true)); // not checked yet, since it never left the machine
        Assert.Equal(3, bench.Tcp.Readable);
    }

    [Fact]
    public void Whatever_comes_the_machine_neither_throws_nor_runs_away()
    {
        Random random = new(20261122);
        for (int round = 0; round < 400; round++)
        {
            PeerBench bench = random.Next(3) == 0 ? new PeerBench() : PeerBench.Established(new TcpSettings { ReceiveRoom = random.Next(1, 3000), SendRoom = random.Next(1, 3000) });
            bench.Tcp.Open(bench.Now);
            for (int step = 0; step < 100; step++)
            {
                switch (random.Next(6))
                {
                    case 0: bench.Tcp.Write(new byte[random.Next(200)]); break;
                    case 1: bench.Read(); break;
                    case 2 when random.Next(20) == 0: bench.Tcp.Close(); break;
                    default:
                        bench.Say(
                            (TcpControl)random.Next(512), Theirs + (uint)random.Next(-3000, 3000), Ours + (uint)random.Next(-300, 3000),
                            new byte[random.Next(50)], (ushort)random.Next(3) switch { 0 => 0, 1 => ushort.MaxValue, _ => 300 },
                            new TcpOptions { SegmentSize = (ushort)random.Next(3), WindowScale = (byte)random.Next(256) });
                        break;
                }

                Assert.InRange(bench.After(TimeSpan.FromMilliseconds(random.Next(3000))).Count, 0, 200);
            }
        }
    }

    [Fact]
    public void Segments_are_taken_and_sent_without_allocation()
    {
        PeerBench bench = PeerBench.Established(new TcpSettings { ReceiveRoom = 1 << 20 });
        byte[] data = new byte[1000];
        byte[] room = new byte[2000];
        byte[] segment = new byte[2000];
        Exchange(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint at = 1; at < 200; at++)
        {
            Exchange(at);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Exchange(uint at)
        {
            TcpConnection tcp = bench.Tcp;
            int length = new TcpHeader
            {
                SourcePort = tcp.Flow.DestinationPort,
                DestinationPort = tcp.Flow.SourcePort,
                Sequence = Theirs + 1 + (at * 1000),
                Acknowledgement = Ours + 1 + (at * 1000),
                Control = Ack,
                Window = 60_000,
            }.Write(segment, tcp.Flow.Destination, tcp.Flow.Source, default, data);
            _ = TcpSegment.Read(segment.AsSpan(0, length), out TcpSegment view);
            tcp.Take(view, bench.Now);
            tcp.Read(room);
            tcp.Write(data);
            while (tcp.TryEmit(bench.Now, room, out _))
            {
                // all that is due
            }
        }
    }
}
