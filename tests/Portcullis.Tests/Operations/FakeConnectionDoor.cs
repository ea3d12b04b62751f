using System;
using System.Collections.Generic;
using Portcullis.Core.Edges;

namespace Portcullis.Tests.Operations;

/// <summary>An ordinary connection with a clock of its own.</summary>
internal sealed class FakeConnectionDoor : IConnectionDoor
{
    /// <summary>How the attempt ends; null for never.</summary>
    internal ConnectionEnd? Answer { get; set; } = ConnectionEnd.Fine;

    /// <summary>The time between two bytes that come.</summary>
    internal TimeSpan Beat { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many bytes the kernel takes at once.</summary>
    internal int Room { get; set; } = int.MaxValue;

    /// <summary>What happens whenever something is waited for.</summary>
    internal Action? Waited { get; set; }

    /// <summary>All that was sent.</summary>
    internal List<byte> Sent { get; } = [];

    public TimeSpan Now { get; private set; }

    public ConnectionEnd? Connect(TimeSpan until)
    {
        Waited?.Invoke();
        Now = Answer is null ? until : Now;
        return Answer;
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> taken = bytes[..Math.Min(bytes.Length, Room)];
        Sent.AddRange(taken);
        return taken.Length;
    }

    public ConnectionEnd? Receive(Span<byte> to, TimeSpan until, out int length)
    {
        Waited?.Invoke();
        bool comes = Now + Beat <= until;
        Now = comes ? Now + Beat : until;
        length = comes ? 1 : 0;
        return comes ? ConnectionEnd.Fine : null;
    }

    public void Dispose()
    {
    }
}
