using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Portcullis.Core.Probing.Services;

/// <summary>The one harmless question that fits a TCP port, by the service that is usual there; or that none is to be asked.</summary>
/// <param name="Bytes">What to say; empty for nothing.</param>
/// <param name="Reason">One sentence: whose question it is, or why there is none.</param>
public sealed record FirstQuestion(ImmutableArray<byte> Bytes, string Reason)
{
    /// <summary>Chooses it.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <param name="host">The name or address that was asked for, as HTTP and TLS want to know it.</param>
    public static FirstQuestion For(int port, string host)
    {
        if (UntouchedPorts.ReasonFor(port) is string reason)
        {
            return new FirstQuestion([], $"Nothing was asked: {reason}.");
        }

        IServiceProtocol[] usual = [.. ServiceProtocols.All.Where(one => one.Ports.Contains(port))];
        if (usual.Length == 0)
        {
            return new FirstQuestion([], string.Create(CultureInfo.InvariantCulture, $"Nothing was asked: no service is usual on port {port}."));
        }

        // Where TLS is usual a greeting comes inside it, after the handshake.
        if (!usual.Contains(ServiceProtocols.Tls) && usual.FirstOrDefault(DialoguePlan.IsGreeter) is IServiceProtocol greeter)
        {
            return new FirstQuestion([], string.Create(CultureInfo.InvariantCulture, $"Nothing was asked: {greeter.Name}, usual on port {port}, speaks first."));
        }

        IServiceProtocol asked = usual.Contains(ServiceProtocols.Tls) ? ServiceProtocols.Tls : usual[0];
        return new FirstQuestion([.. asked.Question(host)], string.Create(CultureInfo.InvariantCulture, $"Asked: the first question of {asked.Name}, usual on port {port}; it changes nothing there."));
    }
}
