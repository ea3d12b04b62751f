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
/// tells which of them an ICMP message was about (IP_RECVERR, ip(7)).
/// </summary>
internal sealed unsafe class UdpDoor : IProbeDoor
{
    private const int LongestAnswer = 2048;

    private readonly IpAddress _target;
    private readonly Route _route;
    private readonly int _descriptor;
    private readonly byte* _address;
    private readonly uint _addressLength;
    private readonly byte[] _attempts = new byte[65_536];
    private readonly bool[] _asked = new bool[65_536];
    private readonly List<ProbeAnswer> _answers = [];
    private ushort? _answersElsewhere;

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
    internal static UdpDoor Open(IpAddress target)
    {
        Route route = Route.To(target);
        bool isV4 = target.Version == IpVersion.V4;
        int descriptor = LibcSockets.socket(isV4 ? LibcSockets.AF_INET : LibcSockets.AF_INET6, LibcPackets.SOCK_DGRAM | LibcPackets.SOCK_NONBLOCK | LibcSockets.SOCK_CLOEXEC, 0);
        int yes = 1;
        if (descriptor < 0 || LibcSockets.setsockopt(descriptor, isV4 ? LibcSockets.IPPROTO_IP : LibcSockets.IPPROTO_IPV6, isV4 ? LibcPackets.IP_RECVERR : LibcPackets.IPV6_RECVERR, &yes, sizeof(int)) != 0)
        {
            throw new ProbeException($"a UDP socket is refused: {Errno.Text(Errno.Last)}");
        }

        return new UdpDoor(target, route, descriptor);
    }

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
            TakeErrors();
            TakeAnswers();
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

            LibcPackets.PollDescriptor descriptor = new() { Descriptor = _descriptor, Events = LibcPackets.POLLIN };
            LibcPackets.Time time = new() { Seconds = left / 1_000_000, Nanoseconds = left % 1_000_000 * 1_000 };
            _ = LibcPackets.ppoll(&descriptor, 1, &time, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.close(_descriptor);
        NativeMemory.Free(_address);
    }

    private bool TrySend(Probe probe)
    {
        UdpQuestion question = UdpQuestions.For(probe.Port);
        _attempts[probe.Port] = probe.Attempt;
        _asked[probe.Port] = true;
        _answersElsewhere = question.AnswersFromAnotherPort ? probe.Port : _answersElsewhere;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(_address + 2, 2), probe.Port);
        for (int tries = 0; tries < 8; tries++)
        {
            fixed (byte* bytes = question.Bytes)
            {
                if (LibcPackets.sendto(_descriptor, bytes, (nuint)question.Bytes.Length, LibcPackets.MSG_NOSIGNAL, _address, _addressLength) >= 0)
                {
                    return true;
                }
            }

            // What the socket was told of another datagram is told first (ip(7)).
            int error = Errno.Last;
            if (!TakeErrors() && error is not (Errno.ECONNREFUSED or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.EINTR))
            {
                return error is Errno.EAGAIN or Errno.ENOBUFS ? false
                    : throw new ProbeException(error == Errno.EPERM ? "this machine's own firewall does not let the datagrams out" : $"sending fails: {Errno.Text(error)}");
            }
        }

        return false;
    }

    private bool TakeErrors()
    {
        bool isAny = false;
        while (ErrorQueue.Take(_descriptor, out SocketError error))
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

    private void TakeAnswers()
    {
        byte* buffer = stackalloc byte[LongestAnswer];
        byte* name = stackalloc byte[SocketAddress.Longest];
        while (true)
        {
            LibcPackets.Piece piece = new() { Base = buffer, Length = LongestAnswer };
            LibcPackets.Message message = new() { Name = name, NameLength = SocketAddress.Longest, Pieces = &piece, PieceCount = 1 };
            if (LibcPackets.recvmsg(_descriptor, &message, LibcPackets.MSG_DONTWAIT) < 0)
            {
                return;
            }

            ReadOnlySpan<byte> from = new(name, (int)Math.Min(message.NameLength, SocketAddress.Longest));
            if (SocketAddress.Read(from) != _target)
            {
                continue;
            }

            ushort port = SocketAddress.ReadPort(from);
            ushort? asked = _asked[port] ? port : _answersElsewhere;
            if (asked is ushort one)
            {
                _answers.Add(new ProbeAnswer(new Probe(one, _attempts[one]), PortState.Open, Now, 0, _target));
            }
        }
    }
}
