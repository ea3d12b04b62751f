using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Answers who gets to a namespace through its firewall. What was worked out for one port serves the others too.</summary>
internal sealed class NamespaceFirewall(NetworkNamespace network, Ruleset ruleset)
{
    private readonly Dictionary<(IpVersion, byte, string), Reach?> _reaches = [];

    /// <summary>The namespace.</summary>
    internal NetworkNamespace Network => network;

    /// <summary>The interfaces by which packets of a zone may come.</summary>
    internal IEnumerable<NetworkInterface> EntrancesOf(ZoneSources zone) => network.Interfaces.Where(one => one.IsUp && one.IsLoopback == zone.IsHost);

    /// <summary>The same with some chains left out.</summary>
    internal NamespaceFirewall Without(Func<FirewallChain, bool> leftOut) => new(network, ruleset with
    {
        Tables = [.. ruleset.Tables.Select(table => table with { Chains = [.. table.Chains.Select(chain => leftOut(chain) ? chain with { Hook = null } : chain)] })],
    });

    /// <summary>How packets fare that come by an interface; null where that is too complex to be worked out.</summary>
    internal Reach? By(NetworkInterface entrance, IpVersion version, byte protocol)
    {
        if (!_reaches.TryGetValue((version, protocol, entrance.Name), out Reach? reach))
        {
            try
            {
                reach = Reach.Of(ruleset, new Arrival { Version = version, Protocol = protocol, Interface = entrance, Interfaces = network.Interfaces, Routes = network.Routes ?? [] });
            }
            catch (TooComplexException)
            {
                reach = null;
            }

            _reaches[(version, protocol, entrance.Name)] = reach;
        }

        return reach;
    }
}
