using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Redis and its kin (Valkey, KeyDB), by its serialisation protocol RESP (https://redis.io/docs/latest/develop/reference/protocol-spec/).
/// Asked: PING, which answers +PONG, or -NOAUTH where a password is set, or -DENIED in protected mode; then INFO server, which tells
/// the version. Both only read; they count as commands in its statistics.
/// </summary>
public sealed class RedisProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "redis";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [6379, 6380, 16379, 26379];

    /// <inheritdoc/>
    public byte[] Question(string host) => "PING\r\n"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 1)
        {
            return ReadInfo(heard);
        }

        if (!heard.IsAsked)
        {
            return heard.Bytes.StartsWith("-ERR wrong number of arguments for 'get'"u8) || heard.Bytes.StartsWith("-ERR unknown command"u8) ? Reading.Suspected
                : !heard.Bytes.IsEmpty && heard.MayBegin("-DENIED Redis"u8) ? Denied(heard) : Reading.NotThis;
        }

        return heard.MayBegin("+PONG\r\n"u8) ? heard.Bytes.Length < 7 ? heard.TooFew : Reading.Ask("INFO server\r\n"u8.ToArray(), Open("+PONG"))
            : heard.MayBegin("-NOAUTH "u8) ? heard.Bytes.Length < 8 ? heard.TooFew : Reading.Is(Closed(heard))
            : heard.MayBegin("-DENIED Redis"u8) ? Denied(heard)
            : Reading.NotThis;
    }

    private Reading ReadInfo(in Heard heard)
    {
        // A bulk string, "$length", or an error where the user may not: either way it is known by PING already.
        string text = Encoding.Latin1.GetString(heard.Bytes);
        if (!heard.IsEnded && !(text.StartsWith('-') && text.Contains('\n', StringComparison.Ordinal)) && !text.Contains("\ntcp_port:", StringComparison.Ordinal))
        {
            return Reading.NeedMore;
        }

        string? valkey = Field(text, "valkey_version");
        string? version = valkey ?? Field(text, "redis_version");
        return Reading.Is(Open(version is null ? "+PONG" : $"+PONG, {(valkey is null ? "redis" : "valkey")}_version:{version}") with
        {
            Product = valkey is null ? "Redis" : "Valkey",
            Version = SeenText.Word(version),
        });
    }

    private Reading Denied(in Heard heard) => heard.Bytes.Length < 13 ? heard.TooFew : Reading.Is(Closed(heard) with { AuthenticationNote = "serves only its own machine (protected mode)" });

    private IdentifiedService Open(string evidence) => new()
    {
        Name = Name,
        Evidence = SeenText.Of(evidence),
        Authentication = AuthenticationDemand.NotAsked,
        AuthenticationNote = "answers without a password",
    };

    private IdentifiedService Closed(in Heard heard) => new()
    {
        Name = Name,
        Product = "Redis",
        Evidence = SeenText.Of(heard.Bytes),
        Authentication = AuthenticationDemand.Asked,
        AuthenticationNote = "asks for a password",
    };

    private static string? Field(string text, string name)
    {
        int at = text.IndexOf($"\n{name}:", StringComparison.Ordinal);
        int end = at < 0 ? -1 : text.IndexOf('\n', at + 1);
        return end < 0 ? null : text[(at + name.Length + 2)..end].TrimEnd('\r');
    }
}
