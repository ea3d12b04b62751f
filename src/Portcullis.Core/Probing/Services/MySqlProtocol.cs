using System;
using System.Collections.Immutable;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// MySQL and MariaDB (https://mariadb.com/kb/en/connection/): the server greets with a packet, u24 length, u8 number 0, u8 protocol
/// 10, its version as text that ends in 0. Nothing is said to it: it counts the connection as aborted.
/// </summary>
public sealed class MySqlProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "mysql";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [3306, 33060];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (heard.IsAsked || bytes.Length < 5)
        {
            return heard.IsAsked || (bytes.Length == 4 && bytes[3] != 0) ? Reading.NotThis : heard.TooFew;
        }

        int length = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
        if (bytes[3] != 0 || length is < 10 or > 1024 || bytes[4] is not (10 or 0xff))
        {
            return Reading.NotThis;
        }

        if (bytes.Length < 4 + length)
        {
            return heard.TooFew;
        }

        ReadOnlySpan<byte> body = bytes[5..(4 + length)];
        return bytes[4] == 0xff ? ReadRefusal(body) : ReadGreeting(body);
    }

    private Reading ReadGreeting(ReadOnlySpan<byte> body)
    {
        int end = body.IndexOf((byte)0);
        if (end < 1 || !char.IsAsciiDigit((char)body[0]))
        {
            return Reading.NotThis;
        }

        // MariaDB writes 5.5.5- before its version, for old replicas.
        string version = Encoding.Latin1.GetString(body[..end]);
        bool isMaria = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        string plain = version.StartsWith("5.5.5-", StringComparison.Ordinal) ? version[6..] : version;
        return Reading.Is(Sighting.Of(Name, version).By(isMaria ? "MariaDB" : "MySQL", plain.Split('-', '+')[0]).Asks());
    }

    /// <summary>u16 error code, then text: "Host '...' is not allowed to connect to this MariaDB server" (1130), too many connections (1040).</summary>
    private Reading ReadRefusal(ReadOnlySpan<byte> body)
    {
        int code = body.Length < 2 ? 0 : body[0] | (body[1] << 8);
        return code is < 1000 or > 4999 ? Reading.NotThis
            : Reading.Is(Sighting.Of(Name, body[2..]).By(body.IndexOf("MariaDB"u8) >= 0 ? "MariaDB" : null).Asks("does not let this address connect"));
    }
}
