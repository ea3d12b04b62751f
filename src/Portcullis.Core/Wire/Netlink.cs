using System;

namespace Portcullis.Core.Wire;

/// <summary>Constants and sizes of linux/netlink.h.</summary>
public static class Netlink
{
    /// <summary>sizeof(struct nlmsghdr).</summary>
    public const int HeaderLength = 16;

    /// <summary>sizeof(struct nlattr).</summary>
    public const int AttributeHeaderLength = 4;

    /// <summary>The kernel refuses, or acknowledges: an errno, negated, comes first.</summary>
    public const ushort NLMSG_ERROR = 2;

    /// <summary>The end of a dump; since Linux 4.19 with an errno, negated, of the dump as a whole.</summary>
    public const ushort NLMSG_DONE = 3;

    /// <summary>This message asks something of the kernel.</summary>
    public const ushort NLM_F_REQUEST = 0x001;

    /// <summary>The whole table is wanted (NLM_F_ROOT | NLM_F_MATCH).</summary>
    public const ushort NLM_F_DUMP = 0x300;

    /// <summary>An acknowledgement is wanted.</summary>
    public const ushort NLM_F_ACK = 0x004;

    /// <summary>Nothing of that name may be there yet.</summary>
    public const ushort NLM_F_EXCL = 0x200;

    /// <summary>It is to be made.</summary>
    public const ushort NLM_F_CREATE = 0x400;

    /// <summary>Behind those that are there.</summary>
    public const ushort NLM_F_APPEND = 0x800;

    /// <summary>The table changed while it was dumped, so the answer may be inconsistent.</summary>
    public const ushort NLM_F_DUMP_INTR = 0x010;

    /// <summary>The bits of an attribute's type that are no flags (NLA_TYPE_MASK).</summary>
    public const ushort AttributeTypeMask = 0x3fff;

    /// <summary>Rounds up to the alignment of messages and attributes (NLMSG_ALIGNTO, NLA_ALIGNTO).</summary>
    /// <param name="length">Bytes, 0 or more.</param>
    public static int Align(int length) => (length + 3) & ~3;

    /// <summary>Makes a request for a whole table.</summary>
    /// <param name="type">The message type of the request.</param>
    /// <param name="body">What follows the header.</param>
    public static byte[] Dump(ushort type, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[HeaderLength + body.Length];
        BitConverter.TryWriteBytes(message, message.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), type);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)(NLM_F_REQUEST | NLM_F_DUMP));
        body.CopyTo(message.AsSpan(HeaderLength));
        return message;
    }

    /// <summary>Makes one message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="body">What follows the header.</param>
    public static byte[] Message(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[Align(HeaderLength + body.Length)];
        BitConverter.TryWriteBytes(message, HeaderLength + body.Length);
        BitConverter.TryWriteBytes(message.AsSpan(4), type);
        BitConverter.TryWriteBytes(message.AsSpan(6), flags);
        body.CopyTo(message.AsSpan(HeaderLength));
        return message;
    }

    /// <summary>Makes one attribute, with its padding.</summary>
    /// <param name="type">Its type, perhaps with NLA_F_NESTED.</param>
    /// <param name="value">Its value, at most 65,531 bytes.</param>
    public static byte[] Attribute(int type, ReadOnlySpan<byte> value)
    {
        byte[] attribute = new byte[Align(AttributeHeaderLength + value.Length)];
        BitConverter.TryWriteBytes(attribute, (ushort)(AttributeHeaderLength + value.Length));
        BitConverter.TryWriteBytes(attribute.AsSpan(2), (ushort)type);
        value.CopyTo(attribute.AsSpan(AttributeHeaderLength));
        return attribute;
    }

    /// <summary>The errno in the payload of an <see cref="NLMSG_ERROR"/> or <see cref="NLMSG_DONE"/>; 0 for none.</summary>
    public static int ErrorIn(ReadOnlySpan<byte> payload)
    {
        int value = payload.Length < sizeof(int) ? 0 : BitConverter.ToInt32(payload);
        return value is < 0 and > -4096 ? -value : 0; // MAX_ERRNO of linux/err.h
    }
}
