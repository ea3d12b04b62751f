using System;

namespace Portcullis.Core.Wire;

/// <summary>
/// Walks the messages in a buffer received from netlink(7). Never throws: a header that does not fit ends the walk and
/// sets <see cref="Malformed"/>.
/// </summary>
/// <remarks>
/// struct nlmsghdr of linux/netlink.h, in the byte order of the machine; messages start at multiples of four bytes.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |              length, this header included                     |
/// +-------------------------------+-------------------------------+
/// |             type              |             flags             |
/// +-------------------------------+-------------------------------+
/// |                        sequence number                        |
/// +---------------------------------------------------------------+
/// |                            port id                            |
/// +---------------------------------------------------------------+
/// </code>
/// </remarks>
public ref struct NetlinkMessages
{
    private readonly ReadOnlySpan<byte> _buffer;
    private int _next;

    /// <summary>Starts before the first message of <paramref name="buffer"/>.</summary>
    public NetlinkMessages(ReadOnlySpan<byte> buffer) => _buffer = buffer;

    /// <summary>The type of the current message: a constant of <see cref="Netlink"/>, or of its protocol.</summary>
    public ushort Type { get; private set; }

    /// <summary>The flags of the current message.</summary>
    public ushort Flags { get; private set; }

    /// <summary>What follows the header of the current message.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>The offset at which a header did not fit; null while all is well.</summary>
    public int? Malformed { get; private set; }

    /// <summary>Steps to the next message; false at the end, or where the rest is malformed.</summary>
    public bool Next()
    {
        if (_next >= _buffer.Length || Malformed is not null)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = _buffer[_next..];
        if (rest.Length < Netlink.HeaderLength)
        {
            Malformed = _next;
            return false;
        }

        uint length = BitConverter.ToUInt32(rest);
        if (length < Netlink.HeaderLength || length > (uint)rest.Length)
        {
            Malformed = _next;
            return false;
        }

        Type = BitConverter.ToUInt16(rest[4..]);
        Flags = BitConverter.ToUInt16(rest[6..]);
        Payload = rest[Netlink.HeaderLength..(int)length];
        _next += Netlink.Align((int)length);
        return true;
    }
}
