using System;
using System.Buffers.Binary;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Reads a directory by getdents64(2) into a stack buffer, without an object for each entry.</summary>
internal static unsafe class DirectoryEntries
{
    internal const byte DT_DIR = 4;
    internal const byte DT_REG = 8;
    internal const byte DT_LNK = 10;

    // struct linux_dirent64: u64 inode, s64 offset, u16 record length, u8 type, name with a final zero.
    private const int RecordLengthAt = 16;
    private const int TypeAt = 18;
    private const int NameAt = 19;

    /// <summary>Is told of one entry.</summary>
    /// <param name="name">The name's bytes, valid during the call.</param>
    /// <param name="kind">A DT_ constant; 0 where the file system does not say.</param>
    internal delegate void Entry(ReadOnlySpan<byte> name, byte kind);

    /// <summary>Tells of every entry but "." and ".."; returns 0 or an errno.</summary>
    internal static int Read(int descriptor, Entry entry)
    {
        const int Size = 32768;
        byte* buffer = stackalloc byte[Size];
        while (true)
        {
            nint count = Libc.getdents64(descriptor, buffer, Size);
            if (count < 0)
            {
                return Errno.Last;
            }

            if (count == 0)
            {
                return 0;
            }

            for (int at = 0; at < count;)
            {
                ReadOnlySpan<byte> record = new(buffer + at, (int)count - at);
                int length = BinaryPrimitives.ReadUInt16LittleEndian(record[RecordLengthAt..]);
                ReadOnlySpan<byte> name = record[NameAt..length];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    entry(name, record[TypeAt]);
                }

                at += length;
            }
        }
    }
}
