using System;
using System.Buffers.Binary;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>Chooses the first sequence number of a connection, so that nobody who does not see it can guess it (RFC 6528, 3).</summary>
public static class InitialSequence
{
    // "ISN = M + F(localip, localport, remoteip, remoteport, secretkey)", M a clock of 4 microseconds: 40 ticks of TimeSpan.
    private const long TicksOfClock = 4 * TimeSpan.TicksPerMicrosecond;

    /// <summary>The first number.</summary>
    /// <param name="flow">The connection.</param>
    /// <param name="secretLow">Half of a random secret.</param>
    /// <param name="secretHigh">Its other half.</param>
    /// <param name="now">The time since any fixed moment.</param>
    public static SequenceNumber Of(TcpFlow flow, ulong secretLow, ulong secretHigh, TimeSpan now)
    {
        Span<byte> bytes = stackalloc byte[36];
        int length = flow.Source.WriteNetworkOrder(bytes);
        length += flow.Destination.WriteNetworkOrder(bytes[length..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[length..], flow.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[(length + 2)..], flow.DestinationPort);
        ulong hash = SipHash.Of(secretLow, secretHigh, bytes[..(length + 4)]);
        return new SequenceNumber(unchecked((uint)(now.Ticks / TicksOfClock) + (uint)hash));
    }
}
