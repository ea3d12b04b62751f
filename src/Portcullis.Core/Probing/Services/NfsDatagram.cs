using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// NFS over UDP (RFC 1813). Asked: procedure 0 of its program, which does nothing.
/// </summary>
public sealed class NfsDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "nfs";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [2049];

    /// <inheritdoc/>
    public byte[] Question => RpcMessage.Call(100003, 3);

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return RpcMessage.HasProgram(answer) ? RpcMessage.Read(answer) is IdentifiedService service ? service with { Name = Name } : null : null;
    }
}
