using System;
using System.Collections.Immutable;
using System.Buffers.Binary;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Cassandra's native protocol, version 4 (its doc/native_protocol_v4.spec, 2 and 4.1.3). Asked: OPTIONS, which lists what can be
/// chosen; no session is begun.
/// </summary>
public sealed class CassandraProtocol : IHintedProtocol
{
    /// <inheritdoc/>
    public string Name => "cassandra";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [9042, 9142];

    /// <inheritdoc/>
    public byte[] Question(string host) => [4, 0, 0, 0, 5, 0, 0, 0, 0];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // u8 version with the highest bit set, u8 flags, i16 stream, u8 opcode (6 SUPPORTED, 0 ERROR), i32 length
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (bytes.IsEmpty || bytes[0] is < 0x81 or > 0x86 || (bytes.Length > 4 && bytes[4] is not (0 or 6)) || (bytes.Length > 3 && (bytes[2] | bytes[3]) != 0))
        {
            return Reading.NotThis;
        }

        if (bytes.Length < 9)
        {
            return heard.TooFew;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]);
        bool isSupported = bytes[4] == 6 && bytes.IndexOf("CQL_VERSION"u8) >= 0;
        return length is < 0 or > 65536 ? Reading.NotThis
            : bytes.Length < 9 + length ? heard.TooFew
            : isSupported ? Reading.Is(Sighting.Of(Name, bytes[9..]).By("Cassandra"))
            : !heard.IsAsked && bytes.IndexOf("protocol version"u8) >= 0 ? Reading.Suspected : Reading.NotThis;
    }
}
