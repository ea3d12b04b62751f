using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Session Traversal Utilities for NAT (RFC 8489, 6). Asked: a binding, which only tells us our own address.
/// </summary>
public sealed class StunDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "stun";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [3478];

    /// <inheritdoc/>
    public byte[] Question => [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, .. "PortcullisAs"u8];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return answer.Length < 20 || answer[0] != 1 || answer[1] is not (1 or 0x11) || !answer[4..20].SequenceEqual<byte>([0x21, 0x12, 0xa4, 0x42, .. "PortcullisAs"u8]) ? null
            : Sighting.Of(Name, "answers a binding request").Open("answers anybody");
    }
}
