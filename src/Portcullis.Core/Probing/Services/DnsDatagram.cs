using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Domain Name System over UDP (RFC 1035, 4.2.1). Asked: the text of version.bind in the class of CHAOS, as over TCP.
/// </summary>
public sealed class DnsDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "domain";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [53, 5354];

    /// <inheritdoc/>
    public byte[] Question => DnsMessage.VersionQuestion;

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return DnsMessage.Read(answer);
    }
}
