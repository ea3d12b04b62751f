using System;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>Chooses the first sequence number of a connection, so that nobody who does not see it can guess it (RFC 6528, 3).</summary>
public static class InitialSequence
{
    // "ISN = M + F(localip, localport, remoteip, remoteport, secretkey)", M a clock of 4 microseconds: 40 ticks of TimeSpan.
    private const long TicksOfClock = 4 * TimeSpan.TicksPerMicrosecond;

    /// <summary>The first number.</summary>
    /// <param name="flow">The connection.</param>
    /// <param name="secret">A hash with a random key.</param>
    /// <param name="now">The time since any fixed moment.</param>
    public static SequenceNumber Of(TcpFlow flow, SipHash secret, TimeSpan now)
    {
        // Word for word, each with the hash of those before it: as hard to foretell as the hash of one.
        ulong hash = secret.Of(flow.Source.High);
        hash = secret.Of(hash ^ flow.Source.Low);
        hash = secret.Of(hash ^ flow.Destination.High);
        hash = secret.Of(hash ^ flow.Destination.Low);
        hash = secret.Of(hash ^ (((ulong)flow.SourcePort << 16) | flow.DestinationPort));
        return new SequenceNumber(unchecked((uint)(now.Ticks / TicksOfClock) + (uint)hash));
    }
}
