using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Internet Relay Chat (RFC 2812): lines, those of a server with its name in front. Asked: PING, which a server answers, or says
/// that nobody registered (451); nobody registers.
/// </summary>
public sealed class IrcProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "irc";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [6667, 6660, 6665, 6666, 6668, 6669, 6697];

    /// <inheritdoc/>
    public byte[] Question(string host) => "PING portcullis\r\n"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!(heard.MayBegin(":"u8) || heard.MayBegin("NOTICE "u8) || heard.MayBegin("PONG "u8) || heard.MayBegin("ERROR :"u8) || heard.MayBegin("PING :"u8)) || heard.Bytes.IsEmpty)
        {
            return Reading.NotThis;
        }

        if (!heard.TryFirstLine(out ReadOnlySpan<byte> line))
        {
            return heard.Bytes.Length > 512 ? Reading.NotThis : heard.TooFew;
        }

        // Behind the server's name a command or a number of three digits (RFC 2812, 2.3.1).
        ReadOnlySpan<byte> command = line[0] == ':' ? line[(line.IndexOf((byte)' ') + 1)..] : line;
        bool isSure = command.StartsWith("NOTICE "u8) || command.StartsWith("PONG "u8) || command.StartsWith("451 "u8) || command.StartsWith("ERROR :"u8) || command.StartsWith("421 "u8);
        return !isSure ? Reading.NotThis : Reading.Is(Sighting.Of(Name, line));
    }
}
