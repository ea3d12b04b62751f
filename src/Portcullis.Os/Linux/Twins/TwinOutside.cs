using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Core.Wire.Packets;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Packets;
using Portcullis.Os.Linux.Source;
using FilterStep = Portcullis.Os.Linux.Native.LibcPackets.FilterStep;

namespace Portcullis.Os.Linux.Twins;

/// <summary>
/// Everybody outside of a twin: sends packets from any address by any interface, hears what comes out of all of them, and answers for
/// those to whom the twin passes packets on.
/// </summary>
internal sealed unsafe class TwinOutside : IDisposable
{
    private const int Chunk = 256;
    private const int Rounds = 3;
    private const long Patience = 200_000; // µs; no packet is lost here, but the machine may be busy
    private const uint Sequence = 0x5eed_0000;
    private static readonly FilterStep[] s_all = [new(0x06, 0, 0, 0xffff)]; // BPF_RET: the whole packet

    private readonly PacketRing _four;
    private readonly PacketRing _six;
    private readonly int _sender;
    private readonly NetlinkSocket _links;
    private readonly byte[] _frame = new byte[512];
    private readonly Dictionary<(Protocol Protocol, IpAddress From, int FromPort, IpAddress To, int ToPort), int> _asked = [];
    private PortState[] _states = [];
    private int _missing;

    private TwinOutside(PacketRing four, PacketRing six, int sender, NetlinkSocket links)
    {
        _four = four;
        _six = six;
        _sender = sender;
        _links = links;
    }

    /// <summary>Opens it in the namespace of the calling thread.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static TwinOutside Open()
    {
        int sender = LibcSockets.socket(LibcPackets.AF_PACKET, LibcSockets.SOCK_RAW | LibcSockets.SOCK_CLOEXEC, 0);
        NetlinkSocket? links = NetlinkSocket.Open(LibcSockets.NETLINK_ROUTE, out _);
        return sender >= 0 && links is not null ? new TwinOutside(PacketRing.Open(IpVersion.V4, s_all), PacketRing.Open(IpVersion.V6, s_all), sender, links)
            : throw new ProbeException($"a packet socket is refused: {Errno.Text(Errno.Last)}");
    }

    /// <summary>Switches its ends of the interfaces on.</summary>
    internal void SwitchOn(TwinNetwork network)
    {
        foreach (int index in network.Ends)
        {
            Answer answer = _links.Dump(RouteRequests.Up(index, asks: true));
            if (!answer.Ok)
            {
                throw new ProbeException($"the outside's interfaces cannot be switched on: {Errno.Text(answer.Error)}");
            }
        }
    }

    /// <summary>Asks all questions; what gets no answer is asked again.</summary>
    internal ImmutableArray<PortState> Ask(TwinNetwork network, ImmutableArray<TwinQuestion> questions, CancellationToken cancellation)
    {
        _states = new PortState[questions.Length];
        _missing = questions.Length;
        for (int round = 0; round < Rounds && _missing > 0 && !cancellation.IsCancellationRequested; round++)
        {
            for (int first = 0; first < questions.Length; first += Chunk)
            {
                for (int at = first; at < Math.Min(first + Chunk, questions.Length); at++)
                {
                    Send(network, questions[at], at, round);
                }

                Hear(0);
            }

            Hear(Patience);
        }

        bool isWhole = !cancellation.IsCancellationRequested;
        return [.. questions.Select((question, at) => _states[at] != PortState.Unknown || !isWhole || network.IndexOf(question.Interface) is null ? _states[at] : PortState.Filtered)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _four.Dispose();
        _six.Dispose();
        _links.Dispose();
        _ = Libc.close(_sender);
    }

    private void Send(TwinNetwork network, TwinQuestion question, int at, int round)
    {
        if (_states[at] != PortState.Unknown || network.IndexOf(question.Interface) is not int index)
        {
            return;
        }

        // Another port each round, so that no connection's state is in the way; but a rule may want exactly this one.
        int port = question.SourcePort >= 1_024 && question.SourcePort + round <= ushort.MaxValue ? question.SourcePort + round : question.SourcePort;
        _asked[(question.Protocol, question.Source, port, question.Destination, question.Port)] = at;
        Span<byte> body = _frame.AsSpan(EthernetFrame.HeaderLength + HeaderOf(question.Source.Version));
        int length = question.Protocol == Protocol.Udp
            ? UdpDatagram.Write(body, question.Source, question.Destination, (ushort)port, (ushort)question.Port, "portcullis"u8)
            : new TcpHeader { SourcePort = (ushort)port, DestinationPort = (ushort)question.Port, Sequence = Sequence, Control = TcpControl.Syn, Window = 1_024 }
                .Write(body, question.Source, question.Destination, []);
        Send(index, question.Source, question.Destination, question.Protocol == Protocol.Udp ? UdpDatagram.Number : TcpSegment.Number, length);
    }

    /// <summary>Sends what stands in the frame behind the headers.</summary>
    private void Send(int index, IpAddress from, IpAddress to, byte protocol, int length)
    {
        bool isV4 = from.Version == IpVersion.V4;
        Span<byte> packet = _frame.AsSpan(EthernetFrame.HeaderLength);
        length += isV4
            ? new Ipv4Header { TimeToLive = 64, DontFragment = true, Protocol = protocol, Source = from, Destination = to }.Write(packet, length)
            : new Ipv6Header { HopLimit = 64, NextHeader = protocol, Source = from, Destination = to }.Write(packet, length);
        ushort type = isV4 ? LibcPackets.ETH_P_IP : LibcPackets.ETH_P_IPV6;
        length += EthernetFrame.WriteHeader(_frame, TwinNetwork.OwnCard(index), TwinNetwork.OtherCard(index), type);
        byte* address = stackalloc byte[SocketAddress.Longest];
        int addressLength = SocketAddress.WriteLink(new Span<byte>(address, SocketAddress.Longest), type, index, []);
        fixed (byte* bytes = _frame)
        {
            _ = LibcPackets.sendto(_sender, bytes, (nuint)length, 0, address, (uint)addressLength);
        }
    }

    /// <summary>Takes what comes, until so many microseconds have brought nothing.</summary>
    private void Hear(long patience)
    {
        PacketRing.Handler handler = Take;
        long quiet = Clock.Now;
        do
        {
            if (_four.Drain(Chunk, handler) + _six.Drain(Chunk, handler) > 0)
            {
                quiet = Clock.Now;
            }
            else if (patience > 0)
            {
                Thread.Sleep(1);
            }
        }
        while (_missing > 0 && Clock.Now - quiet < patience);
    }

    private void Take(ReadOnlySpan<byte> bytes, long stamp, bool isChecked, int entrance)
    {
        if (IpPacket.Read(bytes, out IpPacket packet, isQuoted: true) != PacketFault.None || packet.IsLaterFragment)
        {
            return;
        }

        switch (packet.Protocol)
        {
            case TcpSegment.Number:
                TakeSegment(packet, entrance);
                break;
            case UdpDatagram.Number:
                TakeDatagram(packet, entrance);
                break;
            case IcmpMessage.Number or IcmpMessage.NumberV6:
                TakeIcmp(packet);
                break;
        }
    }

    private void TakeSegment(IpPacket packet, int entrance)
    {
        if (TcpSegment.Read(packet.Payload, out TcpSegment segment) != PacketFault.None)
        {
            return;
        }

        bool isOpening = (segment.Control & (TcpControl.Syn | TcpControl.Ack)) == TcpControl.Syn;
        if (isOpening)
        {
            int length = new TcpHeader { SourcePort = segment.DestinationPort, DestinationPort = segment.SourcePort, Sequence = Sequence, Acknowledgement = segment.Sequence + 1, Control = TcpControl.Syn | TcpControl.Ack, Window = 1_024 }
                .Write(_frame.AsSpan(EthernetFrame.HeaderLength + HeaderOf(packet.Source.Version)), packet.Destination, packet.Source, []);
            Send(entrance, packet.Destination, packet.Source, TcpSegment.Number, length);
        }
        else if (segment.Acknowledgement == Sequence + 1)
        {
            Settle((Protocol.Tcp, packet.Destination, segment.DestinationPort, packet.Source, segment.SourcePort), (segment.Control & TcpControl.Rst) != TcpControl.None ? PortState.Closed : PortState.Open);
        }
    }

    private void TakeDatagram(IpPacket packet, int entrance)
    {
        if (UdpDatagram.Read(packet.Payload, out UdpDatagram datagram) != PacketFault.None
            || Settle((Protocol.Udp, packet.Destination, datagram.DestinationPort, packet.Source, datagram.SourcePort), PortState.Open))
        {
            return;
        }

        int length = UdpDatagram.Write(
            _frame.AsSpan(EthernetFrame.HeaderLength + HeaderOf(packet.Source.Version)), packet.Destination, packet.Source, datagram.DestinationPort, datagram.SourcePort, datagram.Payload[..Math.Min(datagram.Payload.Length, 64)]);
        Send(entrance, packet.Destination, packet.Source, UdpDatagram.Number, length);
    }

    private void TakeIcmp(IpPacket packet)
    {
        if (IcmpMessage.Read(packet.Payload, packet.Source.Version, out IcmpMessage message) != PacketFault.None || !message.IsUnreachable
            || IpPacket.Read(message.Body, out IpPacket quoted, isQuoted: true) != PacketFault.None || quoted.Payload.Length < 4)
        {
            return;
        }

        Protocol protocol = quoted.Protocol == UdpDatagram.Number ? Protocol.Udp : Protocol.Tcp;
        int from = (quoted.Payload[0] << 8) | quoted.Payload[1];
        int to = (quoted.Payload[2] << 8) | quoted.Payload[3];
        _ = Settle((protocol, quoted.Source, from, quoted.Destination, to), protocol == Protocol.Udp && message.IsPortUnreachable ? PortState.Closed : PortState.Rejected);
    }

    /// <summary>Whether a question was answered by it.</summary>
    private bool Settle((Protocol Protocol, IpAddress From, int FromPort, IpAddress To, int ToPort) way, PortState state)
    {
        if (!_asked.TryGetValue(way, out int at))
        {
            return false;
        }

        _missing -= _states[at] == PortState.Unknown ? 1 : 0;
        _states[at] = state;
        return true;
    }

    private static int HeaderOf(IpVersion version) => version == IpVersion.V4 ? Ipv4Packet.LeastHeader : Ipv6Packet.HeaderLength;
}
