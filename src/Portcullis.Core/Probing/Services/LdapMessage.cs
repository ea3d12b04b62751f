using System;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Messages of LDAP in BER (RFC 4511, 4.1.1): SEQUENCE { INTEGER id, operation }. Here only the search for the root DSE (4.5.1) and its
/// results: entry [APPLICATION 4], done [APPLICATION 5], and the notice of disconnection [APPLICATION 24].
/// </summary>
internal static class LdapMessage
{
    private const int MostLength = 1 << 20;

    /// <summary>Search from the base "", of the base object alone, where objectClass is there, with all attributes and the operational ones.</summary>
    internal static byte[] RootQuestion { get; } =
    [
        0x30, 43, 2, 1, 1, 0x63, 38, 4, 0, 10, 1, 0, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0,
        0x87, 11, .. "objectClass"u8, 0x30, 6, 4, 1, (byte)'*', 4, 1, (byte)'+',
    ];

    /// <summary>The end of a session.</summary>
    internal static byte[] Unbind { get; } = [0x30, 5, 2, 1, 2, 0x42, 0];

    /// <summary>Whether it begins as an answer to the question does.</summary>
    internal static bool IsOurs(ReadOnlySpan<byte> bytes) => Operation(bytes, out int operation) > 0 && operation is 0x64 or 0x65 or 0x73 or 0x78;

    /// <summary>Whether the last of the answers, "done", was heard.</summary>
    internal static bool IsDone(ReadOnlySpan<byte> bytes)
    {
        while (Operation(bytes, out int operation) is int whole and > 0 && whole <= bytes.Length)
        {
            if (operation is 0x65 or 0x78)
            {
                return true;
            }

            bytes = bytes[whole..];
        }

        return false;
    }

    /// <summary>Reads the answers; null where they are none.</summary>
    internal static IdentifiedService? Read(ReadOnlySpan<byte> bytes)
    {
        if (!IsOurs(bytes))
        {
            return null;
        }

        string? context = Attribute(bytes, "namingContexts"u8) ?? Attribute(bytes, "defaultNamingContext"u8);
        string? product = bytes.IndexOf("OpenLDAProotDSE"u8) >= 0 ? "OpenLDAP"
            : bytes.IndexOf("1.2.840.113556.1.4.800"u8) >= 0 ? "Active Directory" : Attribute(bytes, "vendorName"u8);
        IdentifiedService service = Sighting.Of("ldap", context is null ? "answers a search for its root" : "naming context " + context);
        return service.By(product, Attribute(bytes, "vendorVersion"u8)) with { AuthenticationNote = "shows its root to anybody, as all do; what else was not tried" };
    }

    /// <summary>The length of the first message with its header, and its operation; 0 where it is none, or too little of it is there.</summary>
    private static int Operation(ReadOnlySpan<byte> bytes, out int operation)
    {
        operation = 0;
        if (bytes.Length < 2 || bytes[0] != 0x30)
        {
            return 0;
        }

        int header = LengthAt(bytes[1..], out int length);
        ReadOnlySpan<byte> rest = header <= 0 ? [] : bytes[(1 + header)..];
        if (rest.Length < 4 || rest[0] != 2 || rest[1] is 0 or > 4 || rest.Length < 3 + rest[1])
        {
            return 0;
        }

        operation = rest[2 + rest[1]];
        return 1 + header + length;
    }

    /// <summary>A length in BER (X.690, 8.1.3): how many bytes it takes; 0 where it is none or too long for us.</summary>
    private static int LengthAt(ReadOnlySpan<byte> bytes, out int length)
    {
        length = bytes.IsEmpty ? 0 : bytes[0];
        if (length < 0x80)
        {
            return bytes.IsEmpty ? 0 : 1;
        }

        int count = length & 0x7f;
        length = 0;
        if (count is 0 or > 4 || bytes.Length < 1 + count)
        {
            return 0;
        }

        for (int at = 1; at <= count; at++)
        {
            length = (length << 8) | bytes[at];
        }

        return length is < 0 or > MostLength ? 0 : 1 + count;
    }

    /// <summary>The first value of an attribute: its name, then SET { OCTET STRING }.</summary>
    private static string? Attribute(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name)
    {
        int at = bytes.IndexOf((ReadOnlySpan<byte>)[4, (byte)name.Length, .. name]);
        ReadOnlySpan<byte> rest = at < 0 ? [] : bytes[(at + 2 + name.Length)..];
        int header = rest.Length < 2 || rest[0] != 0x31 ? 0 : LengthAt(rest[1..], out _);
        rest = header == 0 ? [] : rest[(1 + header)..];
        int length = 0;
        header = rest.Length < 2 || rest[0] != 4 ? 0 : LengthAt(rest[1..], out length);
        return header == 0 || rest.Length < 1 + header + length ? null : Encoding.Latin1.GetString(rest.Slice(1 + header, length));
    }
}
