using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// SIP over UDP (RFC 3261, 11). Asked: OPTIONS, which asks what a server can and calls nobody.
/// </summary>
public sealed class SipDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "sip";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5060];

    /// <inheritdoc/>
    public byte[] Question => SipMessage.Options("UDP");

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return SipMessage.Read(answer);
    }
}
