using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Session Initiation Protocol (RFC 3261, 11) over TCP. Asked: OPTIONS, which asks what a server can and calls nobody.
/// </summary>
public sealed class SipProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "sip";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5060, 5061];

    /// <inheritdoc/>
    public byte[] Question(string host) => SipMessage.Options("TCP");

    /// <inheritdoc/>
    public Reading Read(in Heard heard) =>
        !heard.MayBegin("SIP/2.0 "u8) || heard.Bytes.IsEmpty ? Reading.NotThis
        : heard.Bytes.IndexOf("\r\n\r\n"u8) < 0 ? heard.TooFew
        : SipMessage.Read(heard.Bytes) is IdentifiedService service ? Reading.Is(service) : Reading.NotThis;
}
