using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Dialogues;
using NetworkNamespace = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Identification;

/// <summary>Asks ports as they are seen from a namespace.</summary>
internal static class Asking
{
    internal static async Task<IReadOnlyDictionary<string, DialogueResult>> Ports(NetworkNamespace from, IEnumerable<string> ports, IdentifyOptions? options = null)
    {
        IdentifyTarget[] targets = [.. ports.Select(Target)];
        ImmutableArray<DialogueResult?> results = await Identifier.Identify(
            targets, (options ?? new IdentifyOptions()) with { MakeSocket = (family, type, protocol) => from.Do(() => new Socket(family, type, protocol)) }, null, CancellationToken.None);
        return ports.Zip(results).ToDictionary(static pair => pair.First, static pair => pair.Second!);
    }

    /// <summary>"10.77.0.2:22/tcp", "[::1]:53/udp".</summary>
    private static IdentifyTarget Target(string text)
    {
        string[] parts = text.Split('/');
        IPEndPoint endpoint = IPEndPoint.Parse(parts[0]);
        return new IdentifyTarget(endpoint.Address, parts[1] == "udp" ? Protocol.Udp : Protocol.Tcp, endpoint.Port);
    }
}
