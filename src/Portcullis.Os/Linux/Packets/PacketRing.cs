using System;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using FilterStep = Portcullis.Os.Linux.Native.LibcPackets.FilterStep;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// Hears IP packets through memory that the kernel shares with us (PACKET_RX_RING, packet_mmap in the kernel's documentation):
/// no call for each packet. It sees them before the machine's own firewall does.
/// </summary>
internal sealed unsafe class PacketRing : IDisposable
{
    // Version 2 hands out each frame as it comes; version 3 whole blocks, at the latest at a tick of the clock, 4 ms and more.
    private const uint FrameSize = 256; // an ICMP error quotes our 40 or 60 bytes; all that answers fits
    private const uint BlockSize = 1 << 16;
    private const uint Blocks = 64;
    private const uint Frames = Blocks * BlockSize / FrameSize;

    private readonly int _descriptor;
    private readonly Thread _mapping;
    private int _error; // why there is no memory, 0 where there is
    private byte* _memory;
    private uint _next;

    private PacketRing(int descriptor)
    {
        _descriptor = descriptor;
        _mapping = new Thread(() => _error = Map()) { Name = "ring" };
        _mapping.Start();
    }

    /// <summary>What is done with a packet.</summary>
    /// <param name="packet">The packet from its IP header on, perhaps cut off.</param>
    /// <param name="stamp">When it came, µs since 1970.</param>
    /// <param name="isChecked">Whether its transport checksum need not be looked at: hardware did, or it never left this machine.</param>
    /// <param name="entrance">The index of the interface by which it came.</param>
    internal delegate void Handler(ReadOnlySpan<byte> packet, long stamp, bool isChecked, int entrance);

    /// <summary>Opens one that hears.</summary>
    /// <param name="version">Of which IP version the packets are.</param>
    /// <param name="filter">What is let through.</param>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static PacketRing Open(IpVersion version, FilterStep[] filter)
    {
        PacketRing ring = Begin();
        try
        {
            ring.Hear(version, filter);
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <summary>Opens one that hears nothing yet. The kernel takes its time to make the memory (synchronize_net() once more): meanwhile there is else to do.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static PacketRing Begin()
    {
        int descriptor = PacketSockets.Open();
        return descriptor >= 0 ? new PacketRing(descriptor) : throw new ProbeException($"a packet socket is refused: {Errno.Text(Errno.Last)}");
    }

    /// <summary>Begins to hear.</summary>
    /// <param name="version">Of which IP version the packets are.</param>
    /// <param name="filter">What is let through.</param>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal void Hear(IpVersion version, FilterStep[] filter)
    {
        _mapping.Join();
        int error = _error;
        byte* address = stackalloc byte[SocketAddress.Longest];
        ushort protocol = version == IpVersion.V4 ? LibcPackets.ETH_P_IP : LibcPackets.ETH_P_IPV6;
        int length = SocketAddress.WriteLink(new Span<byte>(address, SocketAddress.Longest), protocol, 0, []);
        if (error == 0 && !(PacketFilter.TryAttach(_descriptor, filter) && LibcPackets.bind(_descriptor, address, (uint)length) == 0))
        {
            error = Errno.Last;
        }

        if (error != 0)
        {
            throw new ProbeException($"a ring of packets is refused: {Errno.Text(error)}");
        }
    }

    /// <summary>Hands over what has come, at most so many packets; tells how many.</summary>
    internal int Drain(int most, Handler handler)
    {
        int count = 0;
        for (; count < most; count++)
        {
            LibcPackets.RingFrame* frame = (LibcPackets.RingFrame*)(_memory + (_next * FrameSize));
            uint status = Volatile.Read(ref frame->Status);
            if ((status & LibcPackets.TP_STATUS_USER) == 0)
            {
                break;
            }

            uint room = FrameSize - frame->NetworkHeader;
            handler(
                new ReadOnlySpan<byte>((byte*)frame + frame->NetworkHeader, (int)Math.Min(frame->Captured, room)),
                (frame->Seconds * 1_000_000L) + (frame->Nanoseconds / 1_000),
                (status & (LibcPackets.TP_STATUS_CSUMNOTREADY | LibcPackets.TP_STATUS_CSUM_VALID)) != 0,
                *(int*)((byte*)frame + LibcPackets.RingAddress + LibcPackets.AddressInterface));
            Volatile.Write(ref frame->Status, LibcPackets.TP_STATUS_KERNEL);
            _next = (_next + 1) % Frames;
        }

        return count;
    }

    /// <summary>Waits until a packet has come, at most so many microseconds.</summary>
    internal void Wait(long microseconds)
    {
        LibcPackets.PollDescriptor descriptor = new() { Descriptor = _descriptor, Events = LibcPackets.POLLIN };
        LibcPackets.Time time = new() { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1_000 };
        _ = LibcPackets.ppoll(&descriptor, 1, &time, null);
    }

    /// <summary>How many packets the kernel had to throw away since it was last asked, because the ring was full.</summary>
    internal uint Lost()
    {
        uint* statistics = stackalloc uint[2]; // struct tpacket_stats: packets, drops
        uint length = 2 * sizeof(uint);
        return LibcSockets.getsockopt(_descriptor, LibcPackets.SOL_PACKET, LibcPackets.PACKET_STATISTICS, statistics, &length) == 0 ? statistics[1] : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mapping.Join();
        if (_memory is not null)
        {
            _ = LibcPackets.munmap(_memory, Blocks * BlockSize);
        }

        PacketSockets.Close(_descriptor);
    }

    /// <summary>Shares memory with the kernel; tells by number why it could not, 0 where it could.</summary>
    private int Map()
    {
        int form = LibcPackets.TPACKET_V2;
        int yes = 1;
        LibcPackets.RingRequest request = new() { BlockSize = BlockSize, BlockCount = Blocks, FrameSize = FrameSize, FrameCount = Frames };
        bool isTaken = LibcSockets.setsockopt(_descriptor, LibcPackets.SOL_PACKET, LibcPackets.PACKET_IGNORE_OUTGOING, &yes, sizeof(int)) == 0
            && LibcSockets.setsockopt(_descriptor, LibcPackets.SOL_PACKET, LibcPackets.PACKET_VERSION, &form, sizeof(int)) == 0
            && LibcSockets.setsockopt(_descriptor, LibcPackets.SOL_PACKET, LibcPackets.PACKET_RX_RING, &request, (uint)sizeof(LibcPackets.RingRequest)) == 0;
        void* memory = isTaken ? LibcPackets.mmap(null, Blocks * BlockSize, LibcPackets.PROT_READ | LibcPackets.PROT_WRITE, LibcPackets.MAP_SHARED, _descriptor, 0) : (void*)-1;
        if (memory == (void*)-1)
        {
            return Errno.Last;
        }

        _memory = (byte*)memory;
        return 0;
    }
}
