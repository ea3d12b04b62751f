using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// ONC RPC over UDP (RFC 5531). Asked: procedure 0 of the port mapper, which does nothing.
/// </summary>
public sealed class RpcDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "sunrpc";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [111];

    /// <inheritdoc/>
    public byte[] Question => RpcMessage.Call(100000, 2);

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return RpcMessage.Read(answer);
    }
}
