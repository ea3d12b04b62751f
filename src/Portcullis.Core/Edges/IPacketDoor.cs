using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Sends and hears the packets of one connection, in which the kernel takes no part as long as the door is open.</summary>
public interface IPacketDoor : IDisposable
{
    /// <summary>Our address, as the route has it.</summary>
    IpAddress Source { get; }

    /// <summary>Our port, or the first of several; nobody else on this machine gets them meanwhile.</summary>
    ushort SourcePort { get; }

    /// <summary>The longest packet that the first link takes, in bytes.</summary>
    int LongestPacket { get; }

    /// <summary>When the door was opened.</summary>
    DateTimeOffset OpenedAt { get; }

    /// <summary>The time since then, of a clock that never goes back.</summary>
    TimeSpan Now { get; }

    /// <summary>Sends an IP packet.</summary>
    /// <exception cref="ProbeException">It cannot be sent.</exception>
    void Send(ReadOnlySpan<byte> packet);

    /// <summary>Waits for a packet of the connection, or an ICMP message of any.</summary>
    /// <param name="to">Where it is put, from its IP header on; 65,535 bytes are always enough.</param>
    /// <param name="until">When to stop waiting.</param>
    /// <param name="packet">What came.</param>
    /// <returns>Whether one came.</returns>
    bool Receive(Span<byte> to, TimeSpan until, out ReceivedPacket packet);
}

/// <summary>What came.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="At">When the kernel took it in, on the clock of <see cref="IPacketDoor.Now"/>.</param>
/// <param name="IsIntact">Whether its checksum need not be looked at: the hardware did, or it never left this machine.</param>
public readonly record struct ReceivedPacket(int Length, TimeSpan At, bool IsIntact);
