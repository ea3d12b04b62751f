using System;
using System.Diagnostics;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Packets;

namespace Portcullis.Os.Linux.Tracing;

/// <summary>Sends and hears the packets of one connection over packet sockets, with the kernel kept out of it.</summary>
internal sealed class PacketDoor : IPacketDoor
{
    private const int Ethernet = 1500; // longer ones gain nothing here
    private const int Least = 576; // RFC 791: every host takes that

    private readonly ReservedPorts _ports;
    private readonly PacketSender _sender;
    private readonly PacketEar _ear;
    private readonly KernelSilence _silence;
    private readonly long _start = Stopwatch.GetTimestamp();

    private PacketDoor(Route route, ReservedPorts ports, PacketSender sender, PacketEar ear, KernelSilence silence)
    {
        Source = route.Source;
        LongestPacket = Math.Clamp(ear.LongestPacketOf(route.Interface) ?? Ethernet, Least, Ethernet);
        _ports = ports;
        _sender = sender;
        _ear = ear;
        _silence = silence;
    }

    /// <inheritdoc/>
    public IpAddress Source { get; }

    /// <inheritdoc/>
    public ushort SourcePort => _ports.First;

    /// <inheritdoc/>
    public int LongestPacket { get; }

    /// <inheritdoc/>
    public DateTimeOffset OpenedAt { get; } = TimeProvider.System.GetUtcNow();

    /// <inheritdoc/>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>Opens one; null where the kernel does not let itself be kept out, with its errno.</summary>
    /// <exception cref="ProbeException">There is no way there, or not for us.</exception>
    internal static PacketDoor? Open(IpAddress target, ushort port, int count, ushort firstPort, out int error)
    {
        Route route = Route.To(target);
        ReservedPorts? ports = null;
        PacketSender? sender = null;
        PacketEar? ear = null;
        try
        {
            ports = ReservedPorts.Take(route.Source, route.Interface, count, firstPort);
            ushort last = (ushort)(ports.First + count - 1);
            KernelSilence? silence = KernelSilence.Begin(target, port, route.Source, ports.First, last, out error);
            if (silence is not null)
            {
                try
                {
                    sender = PacketSender.Open(route, target);
                    ear = PacketEar.Open(target, ports.First, last);
                    PacketDoor door = new(route, ports, sender, ear, silence);
                    ports = null;
                    sender = null;
                    silence = null;
                    return door;
                }
                finally
                {
                    silence?.Dispose();
                }
            }

            return null;
        }
        finally
        {
            sender?.Dispose();
            ports?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_sender.Room);
        _sender.Add(packet.Length);
        _ = _sender.Flush();
    }

    /// <inheritdoc/>
    public bool Receive(Span<byte> to, TimeSpan until, out ReceivedPacket packet)
    {
        while (true)
        {
            int length = _ear.Take(to, out long stamp, out bool isIntact);
            long read = Clock.Stamp; // before the other clock, so that nothing seems to come before it was asked for
            TimeSpan now = Now;
            if (length >= 0)
            {
                // The stamp is of the clock that can be set; how long ago that was is the same on both.
                TimeSpan ago = TimeSpan.FromMicroseconds(Math.Clamp(read - (stamp / 1000), 0, 1_000_000));
                packet = new ReceivedPacket(length, now > ago && stamp != 0 ? now - ago : now, isIntact);
                return true;
            }

            if (now >= until)
            {
                packet = default;
                return false;
            }

            _ear.Wait((long)Math.Min((until - now).TotalMicroseconds + 1, 1_000_000));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ear.Dispose();
        _sender.Dispose();
        _silence.Dispose();
        _ports.Dispose();
    }
}
