using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Daytime over UDP (RFC 867): any datagram is answered with date and time.
/// </summary>
public sealed class DaytimeDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "daytime";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [13];

    /// <inheritdoc/>
    public byte[] Question => "\r\n"u8.ToArray();

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return new DaytimeProtocol().Read(new Heard(answer, 0, isAsked: false, isEnded: true)).Service;
    }
}
