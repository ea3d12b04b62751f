using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Sends probes to one target, and hears what comes back.</summary>
public interface IProbeDoor : IDisposable
{
    /// <summary>The time, in microseconds of a clock that never goes back.</summary>
    long Now { get; }

    /// <summary>Whether the target is this machine itself.</summary>
    bool IsLocal { get; }

    /// <summary>Whether the target is on a link of this machine, with no router between; also true for the machine itself.</summary>
    bool IsOnLink { get; }

    /// <summary>The address that probes are sent from.</summary>
    IpAddress Source { get; }

    /// <summary>How many probes can be unanswered at once.</summary>
    int Capacity { get; }

    /// <summary>A port of the target on which this door itself listens, so that the sweep must find it; null where it cannot.</summary>
    ushort? Canary { get; }

    /// <summary>Closes the port of <see cref="Canary"/>: it was found, and is open for nobody else.</summary>
    void CloseCanary();

    /// <summary>
    /// Whether a neighbour on the link answers for the target's address even where no port does, so that their silence is the
    /// target's; false where that cannot be told. It may take seconds.
    /// </summary>
    /// <exception cref="ProbeException">Nobody on the link answers for the address.</exception>
    bool IsVouchedFor();

    /// <summary>Sends probes; tells whether the machine's own queues were full, so that it had to wait, or answers were lost here.</summary>
    /// <exception cref="ProbeException">Nothing can be sent to this target.</exception>
    bool Send(ReadOnlySpan<Probe> probes);

    /// <summary>Waits for answers until some came or the time is there; tells how many.</summary>
    /// <param name="answers">Where they are put; at least one has room.</param>
    /// <param name="until">When to stop waiting; a time that is past means not to wait at all.</param>
    int Receive(Span<ProbeAnswer> answers, long until);
}
