using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Extensible Messaging and Presence Protocol (RFC 6120, 4.2): both sides open a stream of XML. Asked: the opening of a stream to
/// "localhost"; the server answers with its own, its features, or that it knows no such host. Nobody logs in.
/// </summary>
public sealed class XmppProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "xmpp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [5222, 5269, 5223];

    /// <inheritdoc/>
    public byte[] Question(string host) => "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"u8.ToArray();

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!(heard.MayBegin("<?xml"u8) || heard.MayBegin("<stream:stream"u8)) || heard.Bytes.IsEmpty)
        {
            return Reading.NotThis;
        }

        int stream = heard.Bytes.IndexOf("<stream:stream"u8);
        if (stream < 0 || heard.Bytes[stream..].IndexOf((byte)'>') < 0)
        {
            return heard.Bytes.Length > 1024 ? Reading.NotThis : heard.TooFew;
        }

        string text = Encoding.Latin1.GetString(heard.Bytes[stream..]);
        if (!heard.IsEnded && !text.Contains("</stream:features>", StringComparison.Ordinal) && !text.Contains("stream:error", StringComparison.Ordinal))
        {
            return Reading.NeedMore;
        }

        if (!heard.IsAsked)
        {
            return Reading.Suspected; // it says that this was no stream
        }

        IdentifiedService service = Sighting.Of(Name, text);
        return Reading.Is(text.Contains("<mechanism>ANONYMOUS<", StringComparison.Ordinal) ? service.Open("takes anonymous logins")
            : text.Contains("<mechanism", StringComparison.Ordinal) ? service.Asks() : service, "</stream:stream>"u8.ToArray());
    }
}
