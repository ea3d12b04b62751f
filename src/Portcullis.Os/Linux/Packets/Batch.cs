using System;
using System.Threading;
using Portcullis.Core.Edges;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Probes that go out together, by more than one thread: each takes some at a time.</summary>
internal abstract class Batch
{
    /// <summary>How many probes it has room for: more gain nothing.</summary>
    internal const int Most = 128;

    private const int AtOnce = 16; // a thread that comes to the end waits for the other no longer than for these

    private int _taken;

    /// <summary>How many probes are in it.</summary>
    internal int Count { get; private protected set; }

    /// <summary>Empties it; nobody may be sending it.</summary>
    internal void Clear()
    {
        Count = 0;
        _taken = 0;
    }

    /// <summary>Sends what nobody else has begun to send; tells whether it had to wait because the machine's queues were full.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal bool SendRest()
    {
        bool hasWaited = false;
        int first;
        while ((first = Interlocked.Add(ref _taken, AtOnce) - AtOnce) < Count)
        {
            hasWaited |= Send(first, Math.Min(AtOnce, Count - first));
        }

        return hasWaited;
    }

    /// <summary>Sends some, and tells the same of them; more than one thread may be in it.</summary>
    private protected abstract bool Send(int first, int count);
}
