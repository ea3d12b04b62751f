using System;
using System.Collections.Immutable;
using System.Buffers.Binary;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// PostgreSQL's protocol 3.0 (https://www.postgresql.org/docs/current/protocol-message-formats.html). Asked: StartupMessage for a
/// user and a database "portcullis", which the server answers with how that user has to prove himself, or with an error; nothing is
/// sent after it, so that nobody logs in. Its log tells of it.
/// </summary>
public sealed class PostgresProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "postgresql";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5432, 5433, 6432];

    /// <inheritdoc/>
    public byte[] Question(string host) => new BigEndian().Counted([0, 3, 0, 0, .. "user\0portcullis\0database\0portcullis\0\0"u8], more: 4).Bytes;

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || bytes.IsEmpty || bytes[0] is not ((byte)'R' or (byte)'E'))
        {
            return Reading.NotThis;
        }

        // u8 kind, u32 length with itself
        if (bytes.Length < 9)
        {
            return heard.TooFew;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        return length is < 8 or > 4096 ? Reading.NotThis
            : bytes.Length < 1 + length ? heard.TooFew
            : bytes[0] == 'E' ? ReadError(bytes[5..(int)(1 + length)])
            : ReadDemand(BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]));
    }

    private Reading ReadDemand(uint way) => way switch
    {
        0 => Reading.Is(Sighting.Of(Name, "AuthenticationOk").By("PostgreSQL").Open("lets any user in without a password"), "X\0\0\0\x04"u8.ToArray()),
        2 or 3 or 5 or 7 or 9 or 10 => Reading.Is(Sighting.Of(Name, $"asks for authentication: {WayName(way)}").By("PostgreSQL").Asks($"asks for authentication ({WayName(way)})")),
        _ => Reading.NotThis,
    };

    /// <summary>Fields of u8 kind and text that ends in 0; C is the SQLSTATE, M the message.</summary>
    private Reading ReadError(ReadOnlySpan<byte> fields)
    {
        string? state = null;
        string? message = null;
        foreach (string field in Encoding.Latin1.GetString(fields).Split('\0'))
        {
            state ??= field.StartsWith('C') ? field[1..] : null;
            message ??= field.StartsWith('M') ? field[1..] : null;
        }

        // 28000: this address, user and database are in no line of pg_hba.conf, or that user is not there.
        IdentifiedService service = Sighting.Of(Name, $"{state}: {message}").By("PostgreSQL");
        return state is not { Length: 5 } ? Reading.NotThis : Reading.Is(state == "28000" ? service.Asks("does not let this address or user in") : service);
    }

    private static string WayName(uint way) => way switch
    {
        2 => "Kerberos",
        3 => "clear-text password",
        5 => "md5",
        7 => "GSSAPI",
        9 => "SSPI",
        _ => "SCRAM",
    };
}
