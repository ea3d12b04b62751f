using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Portcullis.Tests.Wire.Nft;

/// <summary>Makes messages of nf_tables by hand, also such as no kernel would send.</summary>
internal static class NftBuilder
{
    internal static byte[] Message(int type, byte family, params byte[][] attributes)
    {
        byte[] body = Join(attributes);
        byte[] message = new byte[20 + body.Length];
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)((10 << 8) | type));
        message[16] = family;
        body.CopyTo(message, 20);
        return message;
    }

    internal static byte[] Attribute(int type, params byte[] value)
    {
        byte[] attribute = new byte[(4 + value.Length + 3) & ~3];
        BitConverter.TryWriteBytes(attribute, (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(attribute.AsSpan(2), (ushort)type);
        value.CopyTo(attribute, 4);
        return attribute;
    }

    internal static byte[] Nest(int type, params byte[][] attributes) => Attribute(type, Join(attributes));

    internal static byte[] Text(int type, string text) => Attribute(type, Encoding.UTF8.GetBytes(text + '\0'));

    internal static byte[] Number(int type, uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return Attribute(type, bytes);
    }

    internal static byte[] Expression(string name, params byte[][] attributes) => Nest(1, Text(1, name), Nest(2, attributes));

    internal static byte[] Table(byte family, string name) => Message(0, family, Text(1, name), Number(2, 0));

    internal static byte[] Chain(byte family, string table, string name) => Message(3, family, Text(1, table), Text(3, name));

    internal static byte[] BaseChain(byte family, string table, string name, uint hook, int priority, string type) => Message(
        3, family, Text(1, table), Text(3, name), Nest(4, Number(1, hook), Number(2, unchecked((uint)priority))), Number(5, 1), Text(7, type));

    internal static byte[] Set(byte family, string table, string name, uint flags, uint keyLength) =>
        Message(9, family, Text(1, table), Text(2, name), Number(3, flags), Number(5, keyLength));

    internal static byte[] Elements(byte family, string table, string set, params byte[][] elements) =>
        Message(12, family, Text(1, table), Text(2, set), Nest(3, elements));

    internal static byte[] Element(byte[] key, uint flags = 0) =>
        flags == 0 ? Nest(1, Nest(1, Attribute(1, key))) : Nest(1, Nest(1, Attribute(1, key)), Number(3, flags));

    internal static byte[] Rule(byte family, string table, string chain, params byte[][] expressions) =>
        Message(6, family, Text(1, table), Text(2, chain), Attribute(3, 0, 0, 0, 0, 0, 0, 0, 7), Nest(4, expressions));

    internal static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];
}
