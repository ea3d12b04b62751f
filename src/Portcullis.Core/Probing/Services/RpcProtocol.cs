using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// ONC RPC (RFC 5531): calls of procedures by number, over TCP with a record mark (11). Asked: procedure 0 of the port mapper
/// (program 100000, RFC 1833), which does nothing by convention. Other programs answer that they are none.
/// </summary>
public sealed class RpcProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "sunrpc";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [111];

    /// <inheritdoc/>
    public byte[] Question(string host) => RpcMessage.Marked(RpcMessage.Call(100000, 2));

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        // u32 record mark with its highest bit set; then the message
        ReadOnlySpan<byte> bytes = heard.Bytes;
        if (!heard.IsAsked || !heard.MayBegin([0x80, 0, 0]))
        {
            return Reading.NotThis;
        }

        return bytes.Length < 4 + RpcMessage.ShortestReply ? heard.TooFew
            : RpcMessage.Read(bytes[4..]) is IdentifiedService service ? Reading.Is(service)
            : bytes.Length < 8 + RpcMessage.ShortestReply ? heard.TooFew : Reading.NotThis;
    }
}
