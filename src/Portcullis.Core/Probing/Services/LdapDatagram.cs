using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Connection-less LDAP ([MS-ADTS] 3.1.1.3.1.3.6): the same question as over TCP, in a datagram.
/// </summary>
public sealed class LdapDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "cldap";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [389];

    /// <inheritdoc/>
    public byte[] Question => LdapMessage.RootQuestion;

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        return LdapMessage.Read(answer) is IdentifiedService service ? service with { Name = Name } : null;
    }
}
