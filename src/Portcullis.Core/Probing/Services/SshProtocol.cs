using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Secure Shell (RFC 4253, 4.2): the server speaks first, "SSH-protoversion-softwareversion SP comments". Nothing is said to it.
/// </summary>
public sealed class SshProtocol : IServiceProtocol
{
    private const int MostLinesBefore = 20;

    /// <inheritdoc/>
    public string Name => "ssh";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [22, 2222];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // Other lines may stand before the version (RFC 4253, 4.2).
        ReadOnlySpan<byte> rest = heard.Bytes;
        for (int skipped = 0; skipped < MostLinesBefore; skipped++)
        {
            Heard line = new(rest, 0, false, heard.IsEnded);
            if (line.MayBegin("SSH-"u8) && !rest.IsEmpty)
            {
                return !line.TryFirstLine(out ReadOnlySpan<byte> version) ? heard.TooFew : ReadVersion(version);
            }

            int end = rest.IndexOf((byte)'\n');
            if (end < 0 || heard.IsAsked)
            {
                break;
            }

            rest = rest[(end + 1)..];
        }

        return Reading.NotThis;
    }

    private Reading ReadVersion(ReadOnlySpan<byte> line)
    {
        int at = line.Length <= 4 ? -1 : line[4..].IndexOf((byte)'-');
        if (at < 1)
        {
            return Reading.NotThis;
        }

        ReadOnlySpan<byte> software = line[(4 + at + 1)..];
        int space = software.IndexOf((byte)' ');
        software = space < 0 ? software : software[..space];
        int split = software.IndexOf((byte)'_');
        return Reading.Is(new IdentifiedService
        {
            Name = Name,
            Product = SeenText.Word(split < 0 ? software : software[..split]),
            Version = split < 0 ? null : SeenText.Word(software[(split + 1)..]),
            Evidence = SeenText.Of(line),
            Authentication = AuthenticationDemand.Asked,
            AuthenticationNote = "asks for a login",
        });
    }
}
