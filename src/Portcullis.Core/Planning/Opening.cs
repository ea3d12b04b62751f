using System.Collections.Immutable;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Planning;

/// <summary>What a firewall is to let in for one service or exception.</summary>
/// <param name="Name">Whose it is, such as "https" or "port 8080/tcp".</param>
/// <param name="Ports">The ports.</param>
/// <param name="From">The zones that may come.</param>
public sealed record Opening(string Name, ImmutableArray<ServicePort> Ports, ImmutableArray<string> From);
