using System;
using System.Collections.Generic;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Tests.Operations;

/// <summary>A door for packets with a clock of its own, behind which the test plays the peer and the routers.</summary>
internal sealed class FakePacketDoor : IPacketDoor
{
    internal const ushort Port = 80;
    internal static readonly IpAddress Us = IpAddress.Parse("192.0.2.1");
    internal static readonly IpAddress Peer = IpAddress.Parse("192.0.2.2");

    private readonly PriorityQueue<byte[], (TimeSpan At, int Order)> _coming = new();
    private int _order;
    private int _waits;

    /// <summary>What the peer does when a packet of ours comes: its header, how many bytes of data it has, and all of it.</summary>
    internal Action<TcpHeader, int, byte[]>? Heard { get; set; }

    /// <summary>What happens whenever packets are waited for.</summary>
    internal Action? Waited { get; set; }

    /// <summary>Why nothing can be sent; null where it can.</summary>
    internal string? Refusal { get; set; }

    /// <summary>How long it takes to send a packet.</summary>
    internal TimeSpan SendTakes { get; set; }

    /// <summary>All that was sent.</summary>
    internal List<TcpHeader> Sent { get; } = [];

    public IpAddress Source => Us;

    public ushort SourcePort => 40_000;

    public int LongestPacket => 1500;

    public DateTimeOffset OpenedAt { get; } = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Now { get; private set; }

    public void Send(ReadOnlySpan<byte> packet)
    {
        if (Refusal is string why)
        {
            throw new ProbeException(why);
        }

        _ = IpPacket.Read(packet, out IpPacket ip);
        _ = TcpSegment.Read(ip.Payload, out TcpSegment segment);
        Sent.Add(segment.Header);
        Now += SendTakes;
        Heard?.Invoke(segment.Header, segment.Payload.Length, packet.ToArray());
    }

    public bool Receive(Span<byte> to, TimeSpan until, out ReceivedPacket packet)
    {
        Waited?.Invoke();
        if (_waits++ > 1_000_000)
        {
            throw new InvalidOperationException("it waits for ever");
        }

        if (_coming.TryPeek(out byte[]? first, out (TimeSpan At, int) due) && due.At <= (until > Now ? until : Now))
        {
            _coming.Dequeue();
            Now = due.At > Now ? due.At : Now;
            first.CopyTo(to);
            packet = new ReceivedPacket(first.Length, due.At, IsIntact: false);
            return true;
        }

        Now = until > Now ? until : Now;
        packet = default;
        return false;
    }

    public void Dispose()
    {
    }

    /// <summary>The peer sends a segment, which comes so many milliseconds from now.</summary>
    internal void Say(double after, TcpControl control, uint sequence, uint acknowledgement, byte[]? data = null, ushort port = 40_000)
    {
        byte[] packet = new byte[Ipv4Packet.LeastHeader + TcpSegment.LeastHeader + (data?.Length ?? 0)];
        int length = new TcpHeader { SourcePort = Port, DestinationPort = port, Sequence = sequence, Acknowledgement = acknowledgement, Control = control, Window = 60_000 }
            .Write(packet.AsSpan(Ipv4Packet.LeastHeader), Peer, Us, default, data);
        new Ipv4Header { TimeToLive = 60, Protocol = TcpSegment.Number, Source = Peer, Destination = Us }.Write(packet, length);
        Come(after, packet);
    }

    /// <summary>Somebody complains of a packet of ours by ICMP.</summary>
    internal void Complain(double after, IpAddress from, byte type, byte code, byte[] quoted)
    {
        byte[] packet = new byte[Ipv4Packet.LeastHeader + IcmpMessage.HeaderLength + 28];
        int length = IcmpMessage.Write(packet.AsSpan(Ipv4Packet.LeastHeader), from, Us, type, code, 0, quoted.AsSpan(0, 28));
        new Ipv4Header { TimeToLive = 60, Protocol = IcmpMessage.Number, Source = from, Destination = Us }.Write(packet, length);
        Come(after, packet);
    }

    private void Come(double after, byte[] packet) => _coming.Enqueue(packet, (Now + TimeSpan.FromMilliseconds(after), _order++));
}
