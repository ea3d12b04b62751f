using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>
/// Makes twins of this host: network namespaces with the same interfaces, addresses, routes and rules, in which something listens on
/// the same ports. A twin lives no longer than its questions; no packet leaves this machine.
/// </summary>
public interface ITwins
{
    /// <summary>Asks one.</summary>
    /// <param name="host">The host's namespace, whose rules were read.</param>
    /// <param name="listeners">Who listens.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="cancellation">Ends it before its time.</param>
    /// <returns>What was found, a state a question.</returns>
    /// <exception cref="ProbeException">No twin can be made, or none that is like the host.</exception>
    ImmutableArray<PortState> Ask(NetworkNamespace host, ImmutableArray<Listener> listeners, ImmutableArray<TwinQuestion> questions, CancellationToken cancellation);
}
