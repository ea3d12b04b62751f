using System;
using System.Collections.Immutable;
using System.Buffers.Binary;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The X Window System (X Window System Protocol, chapter 8: connection setup). Asked: a connection without authorisation; the
/// server answers with its vendor and screens, or that it wants authorisation. Nothing is asked of it then.
/// </summary>
public sealed class X11Protocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "x11";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [6000, 6001, 6002, 6003, 6004, 6005];

    /// <inheritdoc/>
    public byte[] Question(string host) => [(byte)'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // u8 result, u8 length of the reason, u16 major 11, u16 minor, u16 length of the rest in words
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || bytes.IsEmpty || bytes[0] > 2 || (bytes.Length > 3 && (bytes[2] != 11 || bytes[3] != 0)))
        {
            return Reading.NotThis;
        }

        if (bytes.Length < 8 || (bytes[0] == 1 && bytes.Length < 40))
        {
            return heard.TooFew;
        }

        if (bytes[0] != 1)
        {
            return Reading.Is(Sighting.Of(Name, bytes[8..Math.Min(bytes.Length, 8 + bytes[1])]).Asks("asks for authorisation"));
        }

        // u16 length of the vendor at 24, the vendor at 40
        int vendor = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        return Reading.Is(Sighting.Of(Name, bytes[40..Math.Min(bytes.Length, 40 + vendor)]).Open("lets anybody see the screen and type"));
    }
}
