using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Network File System by ONC RPC: asked is procedure 0 of program 100003 in version 3 (RFC 1813, 3.3.0), which does nothing. A
/// server of version 4 alone says which versions it has (RFC 5531, 9).
/// </summary>
public sealed class NfsProtocol : IHintedProtocol
{
    /// <inheritdoc/>
    public string Name => "nfs";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [2049];

    /// <inheritdoc/>
    public byte[] Question(string host) => RpcMessage.Marked(RpcMessage.Call(100003, 3));

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
            : RpcMessage.Read(bytes[4..]) is IdentifiedService service && RpcMessage.HasProgram(bytes[4..])
                ? Reading.Is(service with { Name = Name, AuthenticationNote = "whom it lets mount was not tried" })
            : bytes.Length < 8 + RpcMessage.ShortestReply ? heard.TooFew : Reading.NotThis;
    }
}
