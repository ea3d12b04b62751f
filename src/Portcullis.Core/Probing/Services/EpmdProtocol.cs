using System;
using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Erlang's port mapper daemon (Erlang distribution protocol, NAMES_REQ). Asked: the names that are registered, which only reads.
/// </summary>
public sealed class EpmdProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "epmd";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [4369];

    /// <inheritdoc/>
    public byte[] Question(string host) => [0, 1, (byte)'n'];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // u32 its own port, then lines: "name NAME at port NUMBER"
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || !heard.MayBegin([0, 0]))
        {
            return Reading.NotThis;
        }

        bool hasNames = bytes.Length > 4 && bytes[4..].StartsWith("name "u8);
        return !heard.IsEnded ? Reading.NeedMore
            : !hasNames && !bytes.SequenceEqual<byte>([0, 0, 0x11, 0x11]) ? Reading.NotThis
            : Reading.Is((hasNames ? Sighting.Of(Name, bytes[4..]) : Sighting.Of(Name, "no names are registered")).By("Erlang port mapper").Open("tells its names to anybody"));
    }
}
