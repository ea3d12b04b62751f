using System;
using System.Collections.Immutable;
using System.Buffers.Binary;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// MongoDB's wire protocol, OP_MSG (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/). Asked: hello, then
/// buildInfo, then listDatabases, which only read; the last tells whether a login is needed (code 13). Numbers are little-endian.
/// </summary>
public sealed class MongoDbProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "mongodb";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [27017, 27018, 27019];

    /// <inheritdoc/>
    public byte[] Question(string host) => Command("hello"u8);

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!heard.IsAsked)
        {
            return heard.Bytes.IndexOf("trying to access MongoDB over HTTP"u8) >= 0 ? Reading.Suspected : Reading.NotThis;
        }

        // i32 length, i32 id, i32 answer to, i32 opcode 2013
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (bytes.Length < 26)
        {
            return heard.TooFew;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) != 2013 || length is < 26 or > 1 << 20)
        {
            return Reading.NotThis;
        }

        if (bytes.Length < length && !heard.IsEnded)
        {
            return Reading.NeedMore;
        }

        return heard.Turn switch
        {
            0 => bytes.IndexOf("maxWireVersion"u8) < 0 && bytes.IndexOf("ismaster"u8) < 0 ? Reading.NotThis
                : Reading.Ask(Command("buildInfo"u8), Sighting.Of(Name, "answers hello").By("MongoDB")),
            1 => Reading.Ask(Command("listDatabases"u8), heard.SoFar!.By("MongoDB", Text(bytes, "version"u8)).Seen($"buildInfo: version {Text(bytes, "version"u8)}")),
            _ => Reading.Is(bytes.IndexOf("totalSize"u8) >= 0 || bytes.IndexOf("databases"u8) >= 0 ? heard.SoFar!.Open("lists its databases without a password")
                : Text(bytes, "codeName"u8) is "Unauthorized" ? heard.SoFar!.Asks() : heard.SoFar!),
        };
    }

    /// <summary>OP_MSG with one document { name: 1, "$db": "admin" } in BSON.</summary>
    private static byte[] Command(ReadOnlySpan<byte> name)
    {
        byte[] fields = [0x10, .. name, 0, 1, 0, 0, 0, 2, .. "$db"u8, 0, 6, 0, 0, 0, .. "admin"u8, 0, 0];
        byte length = (byte)(fields.Length + 4);
        return [(byte)(length + 21), 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0, length, 0, 0, 0, .. fields];
    }

    /// <summary>A field of text: u8 2, name, 0, i32 length with the 0 at its end.</summary>
    private static string? Text(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name)
    {
        int at = bytes.IndexOf((ReadOnlySpan<byte>)[2, .. name, 0]);
        ReadOnlySpan<byte> rest = at < 0 ? [] : bytes[(at + name.Length + 2)..];
        int length = rest.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(rest);
        return length < 1 || length > rest.Length - 4 ? null : Encoding.UTF8.GetString(rest.Slice(4, length - 1));
    }
}
