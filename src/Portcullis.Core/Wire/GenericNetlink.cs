using System;

namespace Portcullis.Core.Wire;

/// <summary>Generic netlink (linux/genetlink.h): finds the number of a family, and WireGuard's port.</summary>
/// <remarks>
/// A message's payload begins with struct genlmsghdr: u8 command, u8 version, u16 reserved; then attributes.
/// WireGuard's answer also holds the private key: it must be decoded where it is received, and never kept.
/// </remarks>
public static class GenericNetlink
{
    private const ushort GENL_ID_CTRL = 16;
    private const int HeaderLength = 4;
    private const byte CTRL_CMD_GETFAMILY = 3;
    private const int CTRL_ATTR_FAMILY_ID = 1;
    private const int CTRL_ATTR_FAMILY_NAME = 2;
    private const byte WG_CMD_GET_DEVICE = 0; // linux/wireguard.h
    private const byte WG_GENL_VERSION = 1;
    private const int WGDEVICE_A_IFINDEX = 1;
    private const int WGDEVICE_A_LISTEN_PORT = 6;

    /// <summary>Makes the request for all families.</summary>
    public static byte[] FamiliesRequest() => Netlink.Dump(GENL_ID_CTRL, [CTRL_CMD_GETFAMILY, 1, 0, 0]);

    /// <summary>The number of a family in the answer; null where the kernel does not have it.</summary>
    /// <param name="answer">The messages.</param>
    /// <param name="name">The family's name, such as "wireguard".</param>
    public static ushort? FamilyIn(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> name)
    {
        NetlinkMessages messages = new(answer);
        while (messages.Next())
        {
            ushort? number = null;
            bool named = false;
            NetlinkAttributes attributes = new(Body(messages.Payload));
            while (attributes.Next())
            {
                switch (attributes.Type)
                {
                    case CTRL_ATTR_FAMILY_ID when attributes.Value.Length >= sizeof(ushort):
                        number = BitConverter.ToUInt16(attributes.Value);
                        break;
                    case CTRL_ATTR_FAMILY_NAME:
                        named = attributes.Value.TrimEnd((byte)0).SequenceEqual(name);
                        break;
                }
            }

            if (named && number is not null)
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Makes the request for one WireGuard interface.</summary>
    /// <param name="family">The number of the family "wireguard".</param>
    /// <param name="index">The interface's index.</param>
    public static byte[] WireGuardRequest(ushort family, int index)
    {
        Span<byte> body = stackalloc byte[HeaderLength + Netlink.AttributeHeaderLength + sizeof(int)];
        body.Clear();
        body[0] = WG_CMD_GET_DEVICE;
        body[1] = WG_GENL_VERSION;
        BitConverter.TryWriteBytes(body[HeaderLength..], (ushort)(Netlink.AttributeHeaderLength + sizeof(int)));
        BitConverter.TryWriteBytes(body[(HeaderLength + 2)..], (ushort)WGDEVICE_A_IFINDEX);
        BitConverter.TryWriteBytes(body[(HeaderLength + Netlink.AttributeHeaderLength)..], index);
        return Netlink.Dump(family, body);
    }

    /// <summary>The UDP port on which the interface listens; null where the answer does not tell.</summary>
    public static int? WireGuardPortIn(ReadOnlySpan<byte> answer)
    {
        NetlinkMessages messages = new(answer);
        while (messages.Next())
        {
            NetlinkAttributes attributes = new(Body(messages.Payload));
            while (attributes.Next())
            {
                if (attributes.Type == WGDEVICE_A_LISTEN_PORT && attributes.Value.Length >= sizeof(ushort))
                {
                    return BitConverter.ToUInt16(attributes.Value);
                }
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> payload) => payload.Length < HeaderLength ? default : payload[HeaderLength..];
}
