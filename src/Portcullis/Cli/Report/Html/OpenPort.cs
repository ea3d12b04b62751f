using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>A port of this host on which something listens.</summary>
/// <param name="Number">0 to 65535.</param>
/// <param name="Service">What it is for by custom; null where unknown.</param>
/// <param name="Verdict">The worst that is to be said of it.</param>
/// <param name="IsLoopback">Whether only this host hears it.</param>
internal sealed record OpenPort(int Number, string? Service, PortVerdict Verdict, bool IsLoopback)
{
    /// <summary>The ports of one protocol, by number. UDP-Lite is drawn with UDP, whose ports it shares (RFC 3828).</summary>
    internal static ImmutableArray<OpenPort> Of(Assessment assessment, Protocol protocol)
    {
        PortVerdicts verdicts = new(assessment);
        IEnumerable<Listener> drawn = assessment.Listeners.Where(listener =>
            listener.Namespace == NetworkNamespace.HostName && (listener.Protocol == protocol || (protocol == Protocol.Udp && listener.Protocol == Protocol.UdpLite)));
        return
        [
            .. drawn.GroupBy(listener => listener.Port).OrderBy(same => same.Key)
                .Select(same => new OpenPort(same.Key, same.First().Service.Name, verdicts.Of(same), same.All(listener => listener.Scope == Scope.Loopback))),
        ];
    }
}
