using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Domain Name System over TCP (RFC 1035, 4.2.2: two bytes of length first). Asked: the text of version.bind in the class of CHAOS,
/// which no resolver has to look up anywhere.
/// </summary>
public sealed class DnsProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "domain";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [53, 853, 5353];

    /// <inheritdoc/>
    public byte[] Question(string host) => [0, (byte)DnsMessage.VersionQuestion.Length, .. DnsMessage.VersionQuestion];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || bytes.Length < 2)
        {
            return heard.IsAsked ? heard.TooFew : Reading.NotThis;
        }

        int length = (bytes[0] << 8) | bytes[1];
        if (length is < 12 or > 2048 || (bytes.Length > 5 && !DnsMessage.MayBegin(bytes[2..])))
        {
            return Reading.NotThis;
        }

        return bytes.Length < 2 + length ? heard.TooFew
            : DnsMessage.Read(bytes[2..(2 + length)]) is IdentifiedService service ? Reading.Is(service) : Reading.NotThis;
    }
}
