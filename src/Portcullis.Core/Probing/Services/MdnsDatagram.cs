using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Multicast DNS asked directly (RFC 6762, 5.5). Asked: which kinds of services it tells of (RFC 6763, 9), which only reads.
/// </summary>
public sealed class MdnsDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "mdns";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5353];

    /// <inheritdoc/>
    public byte[] Question => [0x50, 0x6f, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, .. "_services"u8, 7, .. "_dns-sd"u8, 4, .. "_udp"u8, 5, .. "local"u8, 0, 0, 12, 0x80, 1];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // A unicast answer to a question from another port than 5353 repeats id and question (6.7).
        return answer.Length < 12 || (answer[2] & 0x80) == 0 || answer[0] != 0x50 || answer[1] != 0x6f || answer.IndexOf("_dns-sd"u8) < 0 ? null
            : Sighting.Of(Name, $"answers with {(answer[6] << 8) | answer[7]} records").Open("tells of its services beyond its own link");
    }
}
