using System;
using System.Collections.Generic;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The first message of TLS (RFC 8446, 4.1.2; for the older versions RFC 5246, 7.4.1.2), wide enough that servers of every version
/// from SSL 3.0 to TLS 1.3 answer. It is never followed by a second one, so that its secrets may be known to everybody.
/// </summary>
/// <remarks>
/// <code>
/// record:    u8 type (22), u16 version, u16 length
/// handshake: u8 type (1), u24 length
/// hello:     u16 version, 32 random, u8+session id, u16+cipher suites, u8+compression methods, u16+extensions
/// </code>
/// </remarks>
public static class TlsHello
{
    // The strongest of each kind, then what old servers have: the answer tells the version, nothing is ever encrypted with them.
    private static readonly ushort[] s_suites =
    [
        0x1301, 0x1302, 0x1303, // TLS 1.3
        0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0xc023, 0xc027, // elliptic curves
        0x009e, 0x009f, 0x0033, 0x0039, 0x0067, 0x0016, // finite fields
        0x009c, 0x009d, 0x003c, 0x002f, 0x0035, 0x000a, 0x0005, // RSA
    ];

    /// <summary>The message in its record.</summary>
    /// <param name="host">The name that was asked for (server_name, RFC 6066); an address is not sent, as the RFC wants it.</param>
    public static byte[] Make(string host)
    {
        List<byte> hello = [3, 3];
        hello.AddRange(Encoding.ASCII.GetBytes("Portcullis asks what answers her"));
        hello.Add(0);
        AddSized(hello, 2, Words(s_suites));
        hello.AddRange([1, 0]);
        AddSized(hello, 2, Extensions(host));
        List<byte> record = [22, 3, 1];
        List<byte> handshake = [1];
        AddSized(handshake, 3, [.. hello]);
        AddSized(record, 2, [.. handshake]);
        return [.. record];
    }

    private static byte[] Extensions(string host)
    {
        List<byte> all = [];
        if (IsName(host))
        {
            List<byte> name = [0];
            AddSized(name, 2, Encoding.ASCII.GetBytes(host));
            Add(all, 0, Sized(2, [.. name]));
        }

        Add(all, 10, Sized(2, Words([29, 23, 24, 25]))); // supported_groups: x25519, the NIST curves
        Add(all, 11, [1, 0]); // ec_point_formats: uncompressed
        Add(all, 13, Sized(2, Words([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0807, 0x0203, 0x0201]))); // signature_algorithms
        Add(all, 43, Sized(1, Words([0x0304, 0x0303, 0x0302, 0x0301]))); // supported_versions
        byte[] point = new byte[32];
        point[0] = 9; // the base point of x25519 (RFC 7748, 4.1): the public key of the secret 1
        List<byte> share = [0, 29];
        AddSized(share, 2, point);
        Add(all, 51, Sized(2, [.. share])); // key_share
        return [.. all];
    }

    /// <summary>Whether it can stand in server_name: a host name in ASCII, and no address.</summary>
    private static bool IsName(string host) =>
        host.Length is > 0 and < 254 && Ascii.IsValid(host) && !host.Contains(':', StringComparison.Ordinal) && !Model.IpAddress.TryParse(host, out _);

    private static void Add(List<byte> extensions, ushort type, byte[] content)
    {
        extensions.AddRange([(byte)(type >> 8), (byte)type]);
        AddSized(extensions, 2, content);
    }

    private static byte[] Words(ReadOnlySpan<ushort> words)
    {
        byte[] bytes = new byte[words.Length * 2];
        for (int at = 0; at < words.Length; at++)
        {
            bytes[at * 2] = (byte)(words[at] >> 8);
            bytes[(at * 2) + 1] = (byte)words[at];
        }

        return bytes;
    }

    private static byte[] Sized(int width, byte[] content)
    {
        List<byte> sized = [];
        AddSized(sized, width, content);
        return [.. sized];
    }

    private static void AddSized(List<byte> target, int width, byte[] content)
    {
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
        {
            target.Add((byte)(content.Length >> shift));
        }

        target.AddRange(content);
    }
}
