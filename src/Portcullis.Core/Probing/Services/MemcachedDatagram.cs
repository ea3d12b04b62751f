using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// memcached over UDP (its doc/protocol.txt): a frame of u16 id, u16 number, u16 count, u16 0. Asked: version, which only reads.
/// </summary>
public sealed class MemcachedDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "memcached";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [11211];

    /// <inheritdoc/>
    public byte[] Question => [0x50, 0x6f, 0, 0, 0, 1, 0, 0, .. "version\r\n"u8];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return answer.Length < 16 || answer[0] != 0x50 || answer[1] != 0x6f || !answer[8..].StartsWith("VERSION "u8) ? null
            : Sighting.Of(Name, answer[8..]).By("memcached", Encoding.Latin1.GetString(answer[16..]).Trim()).Open("answers without a password, also to forged senders");
    }
}
