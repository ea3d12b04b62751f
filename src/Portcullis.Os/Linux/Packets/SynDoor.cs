using System;
using System.Collections.Immutable;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing;
using Portcullis.Core.Wire.Packets;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Probes by a SYN alone. Nothing is remembered of a probe: the sequence number is a keyed hash of its connection (RFC 6528), and what
/// claims to answer it must acknowledge just that number, so that nobody who did not see the probe can answer it.
/// </summary>
internal sealed class SynDoor : IProbeDoor
{
    private const int DrainAtOnce = 512;
    private const ushort SegmentSize = 1460;
    private const ushort Window = 64_240;

    private const int FilesBeside = 8; // sockets and files that sending, hearing and the runtime need

    private readonly IpAddress _target;
    private readonly Route _route;
    private readonly ReservedPorts _ports;
    private readonly PacketSender _sender;
    private readonly PacketRing _ring;
    private readonly Bait? _bait;
    private readonly SipHash _hash;
    private readonly byte[] _options = new byte[TcpOptions.MostBytes];
    private readonly int _optionLength;
    private readonly PacketRing.Handler _handler;
    private readonly ProbeAnswer[] _answers = new ProbeAnswer[DrainAtOnce];
    private int _answered;
    private long _stampOffset;

    private SynDoor(IpAddress target, Route route, ReservedPorts ports, PacketSender sender, PacketRing ring, Bait? bait, SipHash hash)
    {
        _target = target;
        _route = route;
        _ports = ports;
        _sender = sender;
        _ring = ring;
        _bait = bait;
        _hash = hash;
        _handler = Handle;
        _optionLength = new TcpOptions { SegmentSize = SegmentSize, SackIsPermitted = true, WindowScale = 7 }.Write(_options);
    }

    /// <inheritdoc/>
    public long Now => Clock.Now;

    /// <inheritdoc/>
    public bool IsLocal => _route.IsLocal;

    /// <inheritdoc/>
    public bool IsOnLink => _route.IsOnLink;

    /// <inheritdoc/>
    public IpAddress Source => _route.Source;

    /// <inheritdoc/>
    public int Capacity => int.MaxValue;

    /// <inheritdoc/>
    public ushort? Canary => _bait?.Port;

    /// <summary>Opens one.</summary>
    /// <param name="target">The target.</param>
    /// <param name="route">The way there.</param>
    /// <param name="hash">Makes the sequence numbers.</param>
    /// <param name="asked">The ports that are asked; where the target is this machine, we listen beside them.</param>
    /// <exception cref="ProbeException">Nobody answers for it, or it is not for us.</exception>
    internal static SynDoor Open(IpAddress target, Route route, SipHash hash, ImmutableArray<ushort> asked)
    {
        if (OpenFiles.Room() < Probe.Attempts + FilesBeside)
        {
            throw OpenFiles.TooFew();
        }

        PacketRing ring = PacketRing.Begin();
        PacketSender? sender = null;
        ReservedPorts? ports = null;
        try
        {
            sender = PacketSender.Open(route, target);
            ports = ReservedPorts.Take(route.Source, route.Interface, Probe.Attempts);
            ring.Hear(target.Version, AnswerFilter.For(target, ports.First, (ushort)(ports.First + Probe.Attempts - 1)));
            return new SynDoor(target, route, ports, sender, ring, route.IsLocal ? new Bait(target, route.Interface, asked) : null, hash);
        }
        catch
        {
            ring.Dispose();
            sender?.Dispose();
            ports?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void CloseCanary() => _bait?.Dispose();

    /// <inheritdoc/>
    public bool IsVouchedFor() => _route.IsVouchedFor(_target);

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<Probe> probes)
    {
        bool hasWaited = false;
        foreach (Probe probe in probes)
        {
            if (_sender.Room.IsEmpty)
            {
                hasWaited |= _sender.Flush();
            }

            _sender.Add(Write(_sender.Room, probe));
        }

        return hasWaited | _sender.Flush() | _ring.Lost() > 0; // what was lost here is no loss of the network's, but a sign of haste all the same
    }

    /// <inheritdoc/>
    public int Receive(Span<ProbeAnswer> answers, long until)
    {
        while (true)
        {
            _answered = 0;
            long stamp = Clock.Stamp; // before the other clock, so that no answer seems to come before its question
            _stampOffset = Now - stamp;
            int seen = _ring.Drain(Math.Min(answers.Length, DrainAtOnce), _handler);
            if (_answered > 0)
            {
                _answers.AsSpan(0, _answered).CopyTo(answers);
                return _answered;
            }

            long left = until - Now;
            if (left <= 0)
            {
                return 0;
            }

            if (seen == 0)
            {
                _ring.Wait(left);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ring.Dispose();
        _sender.Dispose();
        _ports.Dispose();
        _bait?.Dispose();
    }

    private int Write(Span<byte> to, Probe probe)
    {
        int header = _target.Version == IpVersion.V4 ? Ipv4Packet.LeastHeader : Ipv6Packet.HeaderLength;
        ushort from = (ushort)(_ports.First + probe.Attempt);
        uint sequence = Sequence(probe.Port, from);
        int length = new TcpHeader { SourcePort = from, DestinationPort = probe.Port, Sequence = sequence, Control = TcpControl.Syn, Window = Window }
            .Write(to[header..], _route.Source, _target, _options.AsSpan(0, _optionLength));
        return length + (_target.Version == IpVersion.V4
            ? new Ipv4Header { Identification = (ushort)(sequence >> 16), DontFragment = true, TimeToLive = 64, Protocol = TcpSegment.Number, Source = _route.Source, Destination = _target }.Write(to, length)
            : new Ipv6Header { FlowLabel = 0, NextHeader = TcpSegment.Number, HopLimit = 64, Source = _route.Source, Destination = _target }.Write(to, length));
    }

    private uint Sequence(ushort port, ushort from) => (uint)_hash.Of(((ulong)port << 16) | from);

    private void Handle(ReadOnlySpan<byte> bytes, long stamp, bool isChecked, int entrance)
    {
        // The ring cuts long packets off. An ICMP error may be one (RFC 1812, 4.3.2.3: up to 576 bytes); what it quotes of ours is in front.
        if (IpPacket.Read(bytes, out IpPacket packet, isQuoted: true) != PacketFault.None || packet.IsLaterFragment)
        {
            return;
        }

        if (packet.Protocol == TcpSegment.Number && packet.Source == _target)
        {
            HandleSegment(packet, stamp, isChecked);
        }
        else if (packet.Protocol == (_target.Version == IpVersion.V4 ? IcmpMessage.Number : IcmpMessage.NumberV6))
        {
            HandleIcmp(packet, stamp);
        }
    }

    private void HandleSegment(IpPacket packet, long stamp, bool isChecked)
    {
        if (TcpSegment.Read(packet.Payload, out TcpSegment segment) != PacketFault.None
            || segment.DestinationPort < _ports.First || segment.DestinationPort >= _ports.First + Probe.Attempts
            || (segment.Control & TcpControl.Ack) == TcpControl.None || segment.Acknowledgement != Sequence(segment.SourcePort, segment.DestinationPort) + 1
            || (!isChecked && !segment.ChecksumIsValid(packet.Source, packet.Destination)))
        {
            return;
        }

        PortState state = (segment.Control & TcpControl.Rst) != TcpControl.None ? PortState.Closed
            : (segment.Control & TcpControl.Syn) != TcpControl.None ? PortState.Open : PortState.Unknown;
        if (state != PortState.Unknown)
        {
            Add(segment.SourcePort, segment.DestinationPort, state, stamp, packet.Hops, packet.Source);
        }
    }

    private void HandleIcmp(IpPacket packet, long stamp)
    {
        if (IcmpMessage.Read(packet.Payload, _target.Version, out IcmpMessage message) != PacketFault.None || !message.IsUnreachable
            || IpPacket.Read(message.Body, out IpPacket quoted, isQuoted: true) != PacketFault.None
            || quoted.Protocol != TcpSegment.Number || quoted.Destination != _target
            || !TcpSegment.TryReadQuoted(quoted.Payload, out ushort from, out ushort port, out uint sequence)
            || from < _ports.First || from >= _ports.First + Probe.Attempts || sequence != Sequence(port, from))
        {
            return;
        }

        // The kernel answers a TCP port that nobody listens on by a reset: "port unreachable" is a firewall's word, as are the prohibitions.
        bool isRefusal = message.IsPortUnreachable || message.IsProhibited || packet.Source == _target;
        Add(port, from, isRefusal ? PortState.Rejected : PortState.Unknown, stamp, packet.Hops, packet.Source);
    }

    private void Add(ushort port, ushort from, PortState state, long stamp, byte hops, IpAddress by) =>
        _answers[_answered++] = new ProbeAnswer(new Probe(port, (byte)(from - _ports.First)), state, stamp + _stampOffset, hops, by);
}
