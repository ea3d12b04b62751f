using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Probes UDP ports by the question that the usual service of each answers, from one socket of the kernel's: it needs no privileges, and
/// tells which of them an ICMP message was about (IP_RECVERR, ip(7)). A service that answers from another port than the one asked has a
/// socket of its own: what comes back there is its answer, from wherever; on the other socket it would open the port it came from.
/// </summary>
internal sealed unsafe class UdpDoor : IProbeDoor
{
    private const int LongestAnswer = 2048;
    private const int MostOwn = 16;

    private readonly IpAddress _target;
    private readonly Route _route;
    private readonly int _descriptor;
    private readonly byte* _address;
    private readonly uint _addressLength;
    private readonly byte[] _attempts = new byte[65_536];
    private readonly bool[] _asked = new bool[65_536];
    private readonly List<ProbeAnswer> _answers = [];
    private readonly Dictionary<ushort, int> _own = [];

    private UdpDoor(IpAddress target, Route route, int descriptor)
    {
        _target = target;
        _route = route;
        _descriptor = descriptor;
        _address = (byte*)NativeMemory.AllocZeroed(SocketAddress.Longest);
        _addressLength = (uint)SocketAddress.Write(new Span<byte>(_address, SocketAddress.Longest), target, 0, route.Interface);
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
    public ushort? Canary => null;

    /// <summary>Opens one.</summary>
    /// <exception cref="ProbeException">There is no way there.</exception>
    internal static UdpDoor Open(IpAddress target, Route route)
    {
        if (!route.IsLocal)
        {
            _ = route.Neighbour(target); // until the kernel knows that there is none, datagrams to it seem to be met by silence
        }

        return new UdpDoor(target, route, Socket(target.Version));
    }

    /// <inheritdoc/>
    public void CloseCanary()
    {
    }

    /// <inheritdoc/>
    public bool IsVouchedFor() => _route.IsVouchedFor(_target);

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<Probe> probes)
    {
        bool isFull = false;
        foreach (Probe probe in probes)
        {
            isFull |= !TrySend(probe);
        }

        return isFull;
    }

    /// <inheritdoc/>
    public int Receive(Span<ProbeAnswer> answers, long until)
    {
        while (true)
        {
            TakeErrors(_descriptor);
            TakeAnswers(_descriptor, asker: null);
            foreach ((ushort port, int own) in _own)
            {
                TakeErrors(own);
                TakeAnswers(own, port);
            }

            if (_answers.Count > 0)
            {
                int given = Math.Min(answers.Length, _answers.Count);
                CollectionsMarshal.AsSpan(_answers)[..given].CopyTo(answers);
                _answers.RemoveRange(0, given);
                return given;
            }

            long left = until - Now;
            if (left <= 0)
            {
                return 0;
            }

            Wait(left);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.close(_descriptor);
        foreach (int own in _own.Values)
        {
            _ = Libc.close(own);
        }

        NativeMemory.Free(_address);
    }

    private static int Socket(IpVersion version)
    {
        bool isV4 = version == IpVersion.V4;
        int descriptor = LibcSockets.socket(isV4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_DGRAM | LibcPackets.SOCK_NONBLOCK | LibcSockets.SOCK_CLOEXEC, 0);
        int yes = 1;
        return descriptor >= 0 && LibcSockets.setsockopt(descriptor, isV4 ? LibcSockets.IPPROTO_IP : LibcSockets.IPPROTO_IPV6, isV4 ? LibcPackets.IP_RECVERR : LibcPackets.IPV6_RECVERR, &yes, sizeof(int)) == 0
            ? descriptor
            : throw new ProbeException($"a UDP socket is refused: {Errno.Text(Errno.Last)}");
    }

    private void Wait(long microseconds)
    {
        LibcPackets.PollDescriptor* descriptors = stackalloc LibcPackets.PollDescriptor[MostOwn + 1];
        int count = 0;
        descriptors[count++] = new LibcPackets.PollDescriptor { Descriptor = _descriptor, Events = LibcPackets.POLLIN };
        foreach (int own in _own.Values)
        {
            descriptors[count++] = new LibcPackets.PollDescriptor { Descriptor = own, Events = LibcPackets.POLLIN };
        }

        LibcPackets.Time time = new() { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1_000 };
        _ = LibcPackets.ppoll(descriptors, (nuint)count, &time, null);
    }

    private int SocketFor(ushort port, bool isOwn)
    {
        if (!isOwn || (_own.Count >= MostOwn && !_own.ContainsKey(port)))
        {
            return _descriptor;
        }

        if (!_own.TryGetValue(port, out int own))
        {
            own = Socket(_target.Version);
            _own[port] = own;
        }

        return own;
    }

    private bool TrySend(Probe probe)
    {
        UdpQuestion question = UdpQuestions.For(probe.Port);
        _attempts[probe.Port] = probe.Attempt;
        _asked[probe.Port] = true;
        int descriptor = SocketFor(probe.Port, question.AnswersFromAnotherPort);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(_address + 2, 2), probe.Port);
        for (int tries = 0; tries < 8; tries++)
        {
            fixed (byte* bytes = question.Bytes)
            {
                if (LibcPackets.sendto(descriptor, bytes, (nuint)question.Bytes.Length, LibcPackets.MSG_NOSIGNAL, _address, _addressLength) >= 0)
                {
                    return true;
                }
            }

            // What the socket was told of another datagram is told first (ip(7)).
            int error = Errno.Last;
            if (TakeErrors(descriptor) || error is Errno.ECONNREFUSED or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.EINTR)
            {
                continue;
            }

            if (error == Errno.EINVAL)
            {
                // Port 0: nobody can be asked there.
                _answers.Add(new ProbeAnswer(probe, PortState.Unknown, Now, 0, _route.Source));
                return true;
            }

            return error is Errno.EAGAIN or Errno.ENOBUFS ? false
                : throw new ProbeException(error == Errno.EPERM ? "this machine's own firewall does not let the datagrams out" : $"sending fails: {Errno.Text(error)}");
        }

        return false;
    }

    private bool TakeErrors(int descriptor)
    {
        bool isAny = false;
        while (ErrorQueue.Take(descriptor, out SocketError error))
        {
            isAny = true;
            if (error.To == _target && _asked[error.Port])
            {
                PortState state = error.IsPortUnreachable && error.By == _target ? PortState.Closed
                    : error.IsRefusal || error.By == _target ? PortState.Rejected : PortState.Unknown;
                _answers.Add(new ProbeAnswer(new Probe(error.Port, _attempts[error.Port]), state, Now, 0, error.By));
            }
        }

        return isAny;
    }

    /// <param name="descriptor">The socket.</param>
    /// <param name="asker">The port whose own socket it is; null for that of all others, where each answers for itself.</param>
    private void TakeAnswers(int descriptor, ushort? asker)
    {
        byte* buffer = stackalloc byte[LongestAnswer];
        byte* name = stackalloc byte[SocketAddress.Longest];
        while (true)
        {
            LibcPackets.Piece piece = new() { Base = buffer, Length = LongestAnswer };
            LibcPackets.Message message = new() { Name = name, NameLength = SocketAddress.Longest, Pieces = &piece, PieceCount = 1 };
            if (LibcPackets.recvmsg(descriptor, &message, LibcPackets.MSG_DONTWAIT) < 0)
            {
                return;
            }

            ReadOnlySpan<byte> from = new(name, (int)Math.Min(message.NameLength, SocketAddress.Longest));
            if (SocketAddress.Read(from) != _target)
            {
                continue;
            }

            ushort port = asker ?? SocketAddress.ReadPort(from);
            if (_asked[port])
            {
                _answers.Add(new ProbeAnswer(new Probe(port, _attempts[port]), PortState.Open, Now, 0, _target));
            }
        }
    }
}
