using System;

namespace Portcullis.Core.Edges;

/// <summary>An ordinary connection, made by the kernel.</summary>
public interface IConnectionDoor : IDisposable
{
    /// <summary>The time since it was begun.</summary>
    TimeSpan Now { get; }

    /// <summary>Waits until it is decided whether there is a connection.</summary>
    /// <param name="until">When to stop waiting.</param>
    ConnectionEnd? Connect(TimeSpan until);

    /// <summary>Sends bytes; tells how many of them the kernel took: none while its room is full, and none once the connection is over.</summary>
    int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Waits for bytes.</summary>
    /// <param name="to">Where they are put.</param>
    /// <param name="until">When to stop waiting.</param>
    /// <param name="length">How many came; 0 at the end of the connection.</param>
    /// <returns>How it stands; null where nothing came in time.</returns>
    ConnectionEnd? Receive(Span<byte> to, TimeSpan until, out int length);
}

/// <summary>How an attempt at a connection stands.</summary>
public enum ConnectionEnd
{
    /// <summary>It is there, or bytes came, or the peer has no more.</summary>
    Fine,

    /// <summary>The peer reset it.</summary>
    Reset,

    /// <summary>A packet came back that says it is forbidden or impossible (ICMP).</summary>
    Rejected,

    /// <summary>The host or its network could not be reached.</summary>
    Unreachable,

    /// <summary>Nothing came back.</summary>
    Silent,
}
