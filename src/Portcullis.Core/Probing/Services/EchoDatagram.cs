using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Echo over UDP (RFC 862): a datagram is answered with itself.
/// </summary>
public sealed class EchoDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "echo";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [7];

    /// <inheritdoc/>
    public byte[] Question => "Portcullis asks\r\n"u8.ToArray();

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return Echo.Is(Question, answer, isEnded: true);
    }
}
