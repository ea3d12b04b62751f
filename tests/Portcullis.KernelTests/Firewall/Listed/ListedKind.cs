using System;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>How a value of libnftables-json(5) becomes the bytes that stand in a packet or in a set.</summary>
/// <param name="Length">The bytes.</param>
/// <param name="Shift">How many bits of the last byte stand behind it.</param>
/// <param name="Form">What its texts are.</param>
internal sealed record ListedKind(int Length, int Shift = 0, ListedForm Form = ListedForm.Number)
{
    /// <summary>The length in a key of several parts.</summary>
    internal int Padded => (Length + 3) / 4 * 4;

    /// <summary>One value; null for one that is not understood.</summary>
    internal byte[]? Bytes(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when BigInteger.TryParse(value.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger number):
                return Number(number);
            case JsonValueKind.True or JsonValueKind.False:
                return Number(value.GetBoolean() ? 1 : 0);
            case JsonValueKind.String:
                return Text(value.GetString()!);
            case JsonValueKind.Array: // bits, each by its own name
                BigInteger bits = 0;
                foreach (JsonElement one in value.EnumerateArray())
                {
                    if (one.ValueKind != JsonValueKind.Number || !one.TryGetUInt32(out uint bit))
                    {
                        return null;
                    }

                    bits |= bit;
                }

                return Number(bits);
            case JsonValueKind.Object when value.TryGetProperty("|", out JsonElement either):
                return Bytes(either);
            default:
                return null;
        }
    }

    /// <summary>A value, a range or a prefix, both ends inclusive.</summary>
    internal (byte[] First, byte[] Last)? Range(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("range", out JsonElement range))
        {
            return Bytes(range[0]) is byte[] from && Bytes(range[1]) is byte[] to ? (from, to) : null;
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("prefix", out JsonElement prefix))
        {
            return Bytes(prefix.GetProperty("addr")) is byte[] address ? (address, Filled(address, prefix.GetProperty("len").GetInt32())) : null;
        }

        if (Form == ListedForm.Name && value.ValueKind == JsonValueKind.String && value.GetString() is [.., '*'] name)
        {
            byte[]? start = Text(name[..^1]);
            return start is null ? null : (start, Filled(start, 8 * Encoding.UTF8.GetByteCount(name[..^1])));
        }

        return Bytes(value) is byte[] one ? (one, one) : null;
    }

    private static byte[] Filled(byte[] first, int bits)
    {
        byte[] last = [.. first];
        for (int bit = bits; bit < 8 * last.Length; bit++)
        {
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return last;
    }

    private byte[]? Number(BigInteger number)
    {
        byte[] least = (number << Shift).ToByteArray(isUnsigned: true);
        if (least.Length > Length)
        {
            return null;
        }

        byte[] bytes = new byte[Length];
        least.CopyTo(bytes, 0);
        if (Form != ListedForm.Swapped)
        {
            Array.Reverse(bytes);
        }

        return bytes;
    }

    private byte[]? Text(string text)
    {
        byte[] bytes = new byte[Length];
        switch (Form)
        {
            case ListedForm.Name:
                byte[] name = Encoding.UTF8.GetBytes(text.Replace("\\*", "*", StringComparison.Ordinal));
                name.AsSpan(0, Math.Min(name.Length, Length)).CopyTo(bytes);
                return name.Length <= Length ? bytes : null;
            case ListedForm.Interface when text == "lo":
                return Number(1);
            case ListedForm.Address:
                return IPAddress.TryParse(text, out IPAddress? address) && address.GetAddressBytes() is byte[] known && known.Length == Length ? known : null;
            case ListedForm.Hardware:
                string digits = text.Replace(":", "", StringComparison.Ordinal);
                return digits.Length == 2 * Length ? Convert.FromHexString(digits) : null;
            case ListedForm.Number when text.StartsWith("0x", StringComparison.Ordinal): // "0x52 [invalid type]": nft 1.0.6, for "meta l4proto { tcp, udp } ct original proto-dst 82"
                return uint.TryParse(text[2..].Split(' ')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint raw) ? Number(raw) : null;
            default:
                return BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger number) ? Number(number) : null;
        }
    }

    /// <summary>The type of a set's key, as it is named in "type"; null for one that is not known.</summary>
    internal static ListedKind? OfType(string type) => type switch
    {
        "ipv4_addr" => new(4, 0, ListedForm.Address),
        "ipv6_addr" => new(16, 0, ListedForm.Address),
        "ether_addr" => new(6, 0, ListedForm.Hardware),
        "ifname" => new(16, 0, ListedForm.Name),
        "iface_index" => new(4, 0, ListedForm.Interface),
        "ether_type" => new(2, 0, ListedForm.Swapped),
        "inet_service" or "icmp_code_type" => new(2),
        "inet_proto" or "icmp_type" or "icmpv6_type" or "pkt_type" or "nf_proto" or "tcp_flag" or "ct_dir" or "icmp_code" or "icmpv6_code" => new(1),
        "mark" or "ct_state" or "ct_status" or "uid" or "gid" or "fib_addrtype" => new(4),
        _ => null,
    };
}
