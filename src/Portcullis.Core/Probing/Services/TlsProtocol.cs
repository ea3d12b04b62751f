using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Transport Layer Security (RFC 8446, RFC 5246). Asked: a ClientHello, and nothing after it; that only begins a handshake. The
/// answer is a ServerHello or an alert. A whole handshake, and what is inside, is the dialogue's next step.
/// </summary>
public sealed class TlsProtocol : IServiceProtocol
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ServerHello = 2;
    private const int HeaderLength = 5;
    private const ushort SupportedVersions = 43;

    /// <inheritdoc/>
    public string Name => "tls";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports =>
    [
        443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 2376, 2379, 3269, 4433, 4443, 5061, 5223, 5671, 5986, 6443, 6514, 6697, 8443, 8883, 8834, 9443, 10250,
    ];

    /// <inheritdoc/>
    public byte[] Question(string host) => TlsHello.Make(host);

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (bytes.IsEmpty || bytes[0] is not (Alert or Handshake) || (bytes.Length > 1 && bytes[1] != 3) || (bytes.Length > 2 && bytes[2] > 4))
        {
            return SaysThatItWantsTls(heard) ? Reading.Suspected : Reading.NotThis;
        }

        if (bytes.Length < HeaderLength)
        {
            return heard.TooFew;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (bytes[0] == Alert)
        {
            return length != 2 ? Reading.NotThis : bytes.Length < HeaderLength + 2 ? heard.TooFew : ReadAlert(heard);
        }

        if (length < 42 || length > 16384 + 256 || (bytes.Length > HeaderLength && bytes[HeaderLength] != ServerHello))
        {
            return Reading.NotThis;
        }

        ReadOnlySpan<byte> hello = bytes[HeaderLength..Math.Min(bytes.Length, HeaderLength + length)];
        return hello.Length < length && !heard.IsEnded ? Reading.NeedMore : ReadHello(hello, heard.IsAsked);
    }

    /// <summary>"TLS 1.2" for 0x0303; null for a number that is no version.</summary>
    public static string? VersionName(int version) => version switch
    {
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        _ => null,
    };

    /// <summary>Servers of HTTP say so in plain text when they hear a plain request on a port for TLS; some send elsewhere, to the same port by TLS.</summary>
    private static bool SaysThatItWantsTls(in Heard heard) =>
        heard.Bytes.StartsWith("HTTP/1."u8)
        && (heard.Bytes.IndexOf("HTTPS port"u8) >= 0 || heard.Bytes.IndexOf("HTTPS server"u8) >= 0 || heard.Bytes.IndexOf("SSL-enabled server port"u8) >= 0
            || heard.Bytes.IndexOf("ocation: https://"u8) >= 0 || heard.Bytes.IndexOf("TLS handshake"u8) >= 0 || heard.Bytes.IndexOf("requires TLS"u8) >= 0);

    private static Reading ReadAlert(in Heard heard)
    {
        int level = heard.Bytes[5];
        int description = heard.Bytes[6];
        return level is not (1 or 2) ? Reading.NotThis
            : !heard.IsAsked ? Reading.Suspected
            : Reading.Is(Found(null, $"TLS alert {description} ({NameOfAlert(description)})"));
    }

    private static Reading ReadHello(ReadOnlySpan<byte> hello, bool isAsked)
    {
        // u8 type, u24 length, u16 version, 32 random, u8+session id, u16 suite, u8 compression, u16+extensions
        if (hello.Length < 39 || hello.Length < 39 + hello[38] + 3)
        {
            return Reading.NotThis;
        }

        int version = BinaryPrimitives.ReadUInt16BigEndian(hello[4..]);
        int suite = BinaryPrimitives.ReadUInt16BigEndian(hello[(39 + hello[38])..]);
        version = ChosenVersion(hello[(39 + hello[38] + 3)..]) ?? version;
        return VersionName(version) is not string name ? Reading.NotThis
            : !isAsked ? Reading.Suspected
            : Reading.Is(Found(name, $"{name} ServerHello, cipher suite 0x{suite:x4}"));
    }

    /// <summary>The version in the extension supported_versions (RFC 8446, 4.2.1), where TLS 1.3 tells its own.</summary>
    private static int? ChosenVersion(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> extensions = rest.Length < 2 ? [] : rest[2..];
        while (extensions.Length >= 4)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            int length = BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]);
            if (extensions.Length < 4 + length)
            {
                return null;
            }

            if (type == SupportedVersions && length == 2)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(extensions[4..]);
            }

            extensions = extensions[(4 + length)..];
        }

        return null;
    }

    private static IdentifiedService Found(string? version, string evidence) => new()
    {
        Name = "tls",
        Evidence = SeenText.Of(evidence),
        Tls = version is null ? null : new TlsFacts { Version = version },
    };

    /// <summary>The alerts that a server gives a first message (RFC 8446, 6.2).</summary>
    private static string NameOfAlert(int description) => description switch
    {
        10 => "unexpected message",
        40 => "handshake failure",
        47 => "illegal parameter",
        50 => "decode error",
        70 => "protocol version",
        71 => "insufficient security",
        80 => "internal error",
        112 => "unrecognized name",
        116 => "certificate required",
        120 => "no application protocol",
        _ => "another reason",
    };
}
