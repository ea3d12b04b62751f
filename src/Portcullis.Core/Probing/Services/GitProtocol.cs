using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// git's own transport (gitprotocol-pack(5)). Asked: the branches of a repository that is not there, which the server refuses;
/// nothing is fetched.
/// </summary>
public sealed class GitProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "git";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [9418];

    /// <inheritdoc/>
    public byte[] Question(string host) => "0035git-upload-pack /portcullis-asks\0host=portcullis\0"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // pkt-line: four hexadecimal digits of length, then the text
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked)
        {
            return Reading.NotThis;
        }

        foreach (byte digit in bytes[..Math.Min(4, bytes.Length)])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return Reading.NotThis;
            }
        }

        return bytes.Length < 8 ? heard.TooFew : bytes[4..].StartsWith("ERR "u8) ? Reading.Is(Sighting.Of(Name, bytes[4..]).Open("serves whoever asks")) : Reading.NotThis;
    }
}
