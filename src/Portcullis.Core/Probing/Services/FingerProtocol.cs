using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Finger (RFC 1288, 2.5.1). Asked: an empty line: who is logged in. Any text is an answer, so that it is believed on its own port
/// alone.
/// </summary>
public sealed class FingerProtocol : IHintedProtocol
{
    /// <inheritdoc/>
    public string Name => "finger";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [79];

    /// <inheritdoc/>
    public byte[] Question(string host) => "\r\n"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Bytes.StartsWith("fingerd: "u8) && heard.Bytes.IndexOf((byte)'\n') >= 0)
        {
            return Reading.Is(Sighting.Of(Name, heard.Bytes).Open("tells anybody who is logged in"));
        }

        if (!heard.IsAsked || heard.Bytes.IndexOf((byte)0) >= 0 || heard.Bytes.StartsWith("HTTP/"u8))
        {
            return Reading.NotThis;
        }

        bool isSure = heard.Bytes.StartsWith("Login"u8) || heard.Bytes.StartsWith("No one logged on"u8) || heard.Bytes.StartsWith("Must provide username"u8) || heard.Bytes.IndexOf("Welcome to Linux version"u8) >= 0;
        return isSure && (heard.IsEnded || heard.Bytes.IndexOf((byte)'\n') >= 0) ? Reading.Is(Sighting.Of(Name, heard.Bytes).Open("tells anybody who is logged in")) : heard.TooFew;
    }
}
