using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Lightweight Directory Access Protocol (RFC 4511; RFC 4512, 5.1). Asked: the root of the directory's own description (root DSE),
/// which everybody may read, without a bind; then unbind.
/// </summary>
public sealed class LdapProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "ldap";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [389, 636, 3268, 3269];

    /// <inheritdoc/>
    public byte[] Question(string host) => LdapMessage.RootQuestion;

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!heard.IsAsked || !heard.MayBegin([0x30]) || (heard.Bytes.Length > 8 && !LdapMessage.IsOurs(heard.Bytes)))
        {
            return Reading.NotThis;
        }

        return !heard.IsEnded && !LdapMessage.IsDone(heard.Bytes) ? Reading.NeedMore
            : LdapMessage.Read(heard.Bytes) is IdentifiedService service ? Reading.Is(service, LdapMessage.Unbind) : Reading.NotThis;
    }
}
