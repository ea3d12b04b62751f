using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Character generator over UDP (RFC 864): any datagram is answered with characters.
/// </summary>
public sealed class ChargenDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "chargen";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [19];

    /// <inheritdoc/>
    public byte[] Question => "\r\n"u8.ToArray();

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return new ChargenProtocol().Read(new Heard(answer, 0, isAsked: false, isEnded: true)).Service is IdentifiedService service ? service.Open("answers anybody with more than was sent") : null;
    }
}
