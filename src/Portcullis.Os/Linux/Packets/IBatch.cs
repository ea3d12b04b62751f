using Portcullis.Core.Edges;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Probes that go out together, by more than one thread: each takes some at a time.</summary>
internal interface IBatch
{
    /// <summary>How many probes a thread takes: one that comes to the end waits for the other no longer than for these.</summary>
    const int AtOnce = 16;

    /// <summary>Sends what nobody else has begun to send; tells whether it had to wait because the machine's queues were full.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    bool SendRest();
}
