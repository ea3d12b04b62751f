using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Portcullis.Core.Wire;
using Xunit;

namespace Portcullis.Tests.Wire;

public sealed class BtfTests
{
    private const int Seed = 20_261_123;

    private static readonly BtfName[] Names = [new(BtfKind.Struct, "task_struct"), new(BtfKind.Struct, "file")];

    [Fact]
    public void Structures_and_functions_are_found_by_kind_and_whole_name()
    {
        Assert.True(Btf.TryOpen(Sample(), out Btf btf));
        BtfType[] found = new BtfType[3];
        Assert.True(btf.Find([new(BtfKind.Struct, "file"), new(BtfKind.Struct, "task_struct"), new(BtfKind.Struct, "fil")], found));
        Assert.Equal((5, 184u), (found[0].Id, found[0].Size));
        Assert.Equal((3, 3264u), (found[1].Id, found[1].Size));
        Assert.False(found[2].Exists);
        Assert.True(btf.Find([new(BtfKind.Function, "file"), new(BtfKind.Function, "iterate"), new(BtfKind.Function, "task_struct")], found));
        Assert.Equal(4, found[0].Id);
        Assert.Equal(6, found[1].Id);
        Assert.False(found[2].Exists);
        Assert.True(btf.Find([new(BtfKind.Function, "file"), new(BtfKind.Struct, "file")], found));
        Assert.Equal((4, 5), (found[0].Id, found[1].Id));
    }

    [Fact]
    public void Members_are_found_also_inside_anonymous_structures_but_bit_fields_are_not()
    {
        Assert.True(Btf.TryOpen(Sample(), out Btf btf));
        BtfType[] found = new BtfType[2];
        Assert.True(btf.Find(Names, found));
        Assert.Equal(1264, btf.OffsetOf(found[0], "pid"));
        Assert.Equal(2000 + 8, btf.OffsetOf(found[0], "inner"));
        Assert.Null(btf.OffsetOf(found[0], "absent"));
        Assert.Null(btf.OffsetOf(found[0], "pi"));
        Assert.Null(btf.OffsetOf(found[0], "")); // anonymous members have no name to be found by
        Assert.Equal(32, btf.OffsetOf(found[1], "f_inode"));
        Assert.Null(btf.OffsetOf(found[1], "bits")); // three bits wide
        Assert.Null(btf.OffsetOf(found[1], "odd")); // begins at bit 65
        Assert.Null(btf.OffsetOf(default, "pid"));
        Assert.Equal(67, btf.BitOf(found[1], "flag"));
        Assert.Null(btf.BitOf(found[1], "bits")); // three of them
        Assert.Null(btf.BitOf(found[1], "f_inode")); // no bit-field
        Assert.Null(btf.BitOf(found[1], "absent"));
        Assert.Null(btf.OffsetOf(found[1], "flag"));
    }

    [Fact]
    public void A_structure_that_contains_itself_is_given_up()
    {
        Builder builder = new();
        builder.Type("loop", BtfKind.Struct, 8, Members(builder, ("", 1, 0), ("", 1, 64), ("", 1, 128)));
        Assert.True(Btf.TryOpen(builder.Bytes(), out Btf btf));
        BtfType[] found = new BtfType[1];
        Assert.True(btf.Find([new(BtfKind.Struct, "loop")], found));
        Assert.Null(btf.OffsetOf(found[0], "pid"));
    }

    [Fact]
    public void A_kind_that_is_not_known_ends_the_search_but_not_what_was_before_it()
    {
        Builder builder = new();
        builder.Type("file", BtfKind.Struct, 8, []);
        builder.Type("new", (BtfKind)20, 8, []);
        builder.Type("task_struct", BtfKind.Struct, 8, []);
        Assert.True(Btf.TryOpen(builder.Bytes(), out Btf btf));
        BtfType[] found = new BtfType[2];
        Assert.False(btf.Find(Names, found));
        Assert.True(btf.Find([new(BtfKind.Struct, "file")], found));
    }

    [Theory]
    [InlineData(0, 0x9E)] // magic
    [InlineData(1, 0x9F)]
    [InlineData(2, 2)] // version
    [InlineData(4, 23)] // header too short
    [InlineData(7, 0x80)] // header beyond the end
    [InlineData(11, 0x80)] // types beyond the end
    [InlineData(14, 0x7F)] // types longer than the rest
    [InlineData(19, 0xFF)] // strings beyond the end
    [InlineData(23, 0xFF)]
    public void A_broken_header_is_refused(int at, byte value)
    {
        byte[] bytes = Sample();
        Assert.True(Btf.TryOpen(bytes, out _));
        bytes[at] = value;
        Assert.False(Btf.TryOpen(bytes, out _));
    }

    [Fact]
    public void Truncated_and_damaged_types_never_throw_or_hang()
    {
        byte[] sample = Sample();
        for (int length = 0; length < sample.Length; length++)
        {
            Assert.False(Btf.TryOpen(sample.AsSpan(0, length), out _));
        }

        Random random = new(Seed);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bytes = (byte[])sample.Clone();
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int at = random.Next(round % 4 == 0 ? 0 : 24, bytes.Length);
                bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
            }

            if (!Btf.TryOpen(bytes, out Btf btf))
            {
                continue;
            }

            BtfType[] found = new BtfType[2];
            _ = btf.Find(Names, found);
            foreach (BtfType type in found)
            {
                foreach (string member in (string[])["pid", "inner", "f_inode", "absent"])
                {
                    Assert.True(btf.OffsetOf(type, member) is null or >= 0 && btf.BitOf(type, member) is null or >= 0, $"seed {Seed}, round {round}");
                }
            }
        }
    }

    /// <summary>Six types: int; an anonymous structure; task_struct; the function "file"; file; the function "iterate".</summary>
    private static byte[] Sample()
    {
        Builder builder = new();
        builder.Type("int", BtfKind.Integer, 4, [0x20, 0, 0, 1]);
        builder.Type("", BtfKind.Struct, 16, Members(builder, ("other", 1, 0), ("inner", 1, 64)));
        builder.Type("task_struct", BtfKind.Struct, 3264, Members(builder, ("state", 1, 0), ("pid", 1, 1264 * 8), ("", 2, 2000 * 8)));
        builder.Type("file", BtfKind.Function, 1, []);
        builder.Type("file", BtfKind.Struct, 184, Members(builder, ("bits", 1, (3u << 24) | 8), ("odd", 1, 65), ("flag", 1, (1u << 24) | 67), ("f_inode", 1, 32 * 8)), flag: true);
        builder.Type("iterate", BtfKind.Function, 1, []);
        return builder.Bytes();
    }

    private static byte[] Members(Builder builder, params (string Name, uint Type, uint Bits)[] members)
    {
        using MemoryStream bytes = new();
        foreach ((string name, uint type, uint bits) in members)
        {
            bytes.Write(Words(builder.Name(name), type, bits));
        }

        return bytes.ToArray();
    }

    private static byte[] Words(params ReadOnlySpan<uint> words)
    {
        byte[] bytes = new byte[words.Length * 4];
        for (int at = 0; at < words.Length; at++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at * 4), words[at]);
        }

        return bytes;
    }

    /// <summary>Puts BTF together.</summary>
    private sealed class Builder
    {
        private readonly List<byte> _types = [];
        private readonly List<byte> _strings = [0];

        internal uint Name(string name)
        {
            if (name.Length == 0)
            {
                return 0;
            }

            uint at = (uint)_strings.Count;
            _strings.AddRange([.. Encoding.ASCII.GetBytes(name), 0]);
            return at;
        }

        internal void Type(string name, BtfKind kind, uint size, byte[] tail, bool flag = false)
        {
            uint members = kind == BtfKind.Struct ? (uint)tail.Length / 12 : 0;
            _types.AddRange(Words(Name(name), ((uint)kind << 24) | members | (flag ? 0x80000000 : 0), size));
            _types.AddRange(tail);
        }

        internal byte[] Bytes() =>
            [0x9F, 0xEB, 1, 0, .. Words(24, 0, (uint)_types.Count, (uint)_types.Count, (uint)_strings.Count), .. _types, .. _strings];
    }
}
