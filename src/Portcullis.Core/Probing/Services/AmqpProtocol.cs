using System;
using System.Collections.Immutable;
using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Advanced Message Queuing Protocol 0-9-1 (2.2.4). Asked: the protocol header; the server answers with the method
/// connection.start, with its properties, or with the header that it would have liked. Nothing is said to that.
/// </summary>
public sealed class AmqpProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "amqp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5672, 5671];

    /// <inheritdoc/>
    public byte[] Question(string host) => [.. "AMQP"u8, 0, 0, 9, 1];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (heard.MayBegin("AMQP"u8) && !bytes.IsEmpty)
        {
            return bytes.Length < 8 ? heard.TooFew : heard.IsAsked ? Reading.Is(Sighting.Of(Name, bytes[..8])) : Reading.Suspected;
        }

        // Frame: u8 type 1, u16 channel 0, u32 length, u16 class 10, u16 method 10.
        if (!heard.IsAsked || !heard.MayBegin([1, 0, 0]))
        {
            return Reading.NotThis;
        }

        if (bytes.Length < 11)
        {
            return heard.TooFew;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[3..]);
        if (!bytes[7..11].SequenceEqual<byte>([0, 10, 0, 10]) || length > 8192)
        {
            return Reading.NotThis;
        }

        string? product = Property(bytes, "product"u8);
        string? version = Property(bytes, "version"u8);
        return bytes.Length < 7 + length ? heard.TooFew : Reading.Is(Sighting.Of(Name, $"connection.start: {product} {version}").By(product, version).Asks("asks for a login"));
    }

    /// <summary>A long string of the properties: u8 length and name, 'S', u32 length and text.</summary>
    private static string? Property(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name)
    {
        int at = bytes.IndexOf((ReadOnlySpan<byte>)[(byte)name.Length, .. name, (byte)'S']);
        ReadOnlySpan<byte> rest = at < 0 ? [] : bytes[(at + name.Length + 2)..];
        if (rest.Length < 4)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        return length > rest.Length - 4 ? null : Encoding.Latin1.GetString(rest.Slice(4, (int)length));
    }
}
