using System;
using System.Collections.Immutable;
using System.Text;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// ZooKeeper's words of four letters (ZooKeeper Administrator's Guide). Asked: srvr, which only reads; many servers do not allow it
/// and say so.
/// </summary>
public sealed class ZooKeeperProtocol : IHintedProtocol
{
    /// <inheritdoc/>
    public string Name => "zookeeper";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [2181];

    /// <inheritdoc/>
    public byte[] Question(string host) => "srvr"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!heard.IsAsked || !(heard.MayBegin("Zookeeper version: "u8) || heard.MayBegin("srvr is not executed"u8) || heard.MayBegin("This ZooKeeper instance"u8)))
        {
            return Reading.NotThis;
        }

        if (heard.Bytes.Length < 20 || !heard.TryFirstLine(out ReadOnlySpan<byte> line))
        {
            return heard.TooFew;
        }

        string text = Encoding.Latin1.GetString(line);
        return Reading.Is(Sighting.Of(Name, line).By("ZooKeeper", Sighting.After(text.Replace('-', ' '), "version:")).Open());
    }
}
