using System;
using Portcullis.Core.Wire;
using Portcullis.Tests.Text;
using Xunit;

namespace Portcullis.Tests.Wire;

/// <summary>By messages built after linux/genetlink.h and linux/wireguard.h: no kernel with WireGuard was at hand.</summary>
public sealed class GenericNetlinkTests
{
    private static readonly byte[] Families =
    [
        .. Message([1, 2, 0, 0, .. Attribute(2, "nlctrl\0"u8.ToArray()), .. Attribute(1, [16, 0])]),
        .. Message([1, 2, 0, 0, .. Attribute(1, [29, 0]), .. Attribute(2, "wireguard\0"u8.ToArray())]),
    ];

    private static readonly byte[] Device = Message(
        [0, 1, 0, 0, .. Attribute(1, [5, 0, 0, 0]), .. Attribute(2, "wg0\0"u8.ToArray()), .. Attribute(3, new byte[32]), .. Attribute(6, [0x6c, 0xca]), .. Attribute(7, [0, 0, 0, 0])]);

    [Fact]
    public void Family_is_found_by_its_name_and_a_missing_one_is_not()
    {
        Assert.Equal((ushort)29, GenericNetlink.FamilyIn(Families, "wireguard"u8));
        Assert.Equal((ushort)16, GenericNetlink.FamilyIn(Families, "nlctrl"u8));
        Assert.Null(GenericNetlink.FamilyIn(Families, "wire"u8));
        Assert.Null(GenericNetlink.FamilyIn(default, "wireguard"u8));
    }

    [Fact]
    public void Port_is_read_and_an_answer_without_one_is_unknown()
    {
        Assert.Equal(51820, GenericNetlink.WireGuardPortIn(Device));
        Assert.Null(GenericNetlink.WireGuardPortIn(Message([0, 1, 0, 0, .. Attribute(1, [5, 0, 0, 0])])));
        Assert.Null(GenericNetlink.WireGuardPortIn(Message([0])));
    }

    [Fact]
    public void Request_names_the_interface()
    {
        byte[] request = GenericNetlink.WireGuardRequest(29, 5);
        NetlinkMessages messages = new(request);

        Assert.True(messages.Next());
        Assert.Equal((29, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP), (messages.Type, messages.Flags));
        NetlinkAttributes attributes = new(messages.Payload[4..]);
        Assert.True(attributes.Next());
        Assert.Equal((1, 5u), (attributes.Type, attributes.U32!.Value));
    }

    [Fact]
    public void Decoders_survive_noise() => TextFuzz.RunBytes([.. Families, .. Device], bytes =>
    {
        _ = GenericNetlink.FamilyIn(bytes, "wireguard"u8);
        _ = GenericNetlink.WireGuardPortIn(bytes);
    });

    private static byte[] Message(byte[] payload) => [.. BitConverter.GetBytes(16 + payload.Length), 16, 0, 2, 0, .. new byte[8], .. payload];

    private static byte[] Attribute(int type, byte[] value) =>
        [.. BitConverter.GetBytes((ushort)(4 + value.Length)), .. BitConverter.GetBytes((ushort)type), .. value, .. new byte[(4 - (value.Length % 4)) % 4]];
}
