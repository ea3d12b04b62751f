using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Time over UDP (RFC 868): any datagram is answered with four bytes.
/// </summary>
public sealed class TimeDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "time";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [37];

    /// <inheritdoc/>
    public byte[] Question => [];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return new TimeProtocol().Read(new Heard(answer, 0, isAsked: false, isEnded: true)).Service;
    }
}
