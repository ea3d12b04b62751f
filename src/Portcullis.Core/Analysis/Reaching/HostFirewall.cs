using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Core.Wire.Nft;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>
/// Who gets to the listeners of the host through its firewall. Those of other namespaces stay without: what leads to them is not worked out yet.
/// </summary>
internal sealed class HostFirewall
{
    private readonly NamespaceFirewall? _firewall;
    private readonly ImmutableArray<ZoneSources> _zones;

    private HostFirewall(NamespaceFirewall? firewall, ImmutableArray<ZoneSources> zones, ImmutableArray<Gap> gaps)
    {
        _firewall = firewall;
        _zones = zones;
        Gaps = gaps;
    }

    /// <summary>What of the firewall was not seen, beyond what the snapshot says.</summary>
    internal ImmutableArray<Gap> Gaps { get; }

    /// <summary>Reads it from a snapshot.</summary>
    internal static HostFirewall Of(Snapshot snapshot, HostPolicy? policy)
    {
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName);
        ImmutableArray<ZoneSources> zones = host is null ? [] : ZoneSources.Of(policy, host);
        if (host?.Rules is not RulesetDump dump || host.Interfaces.IsEmpty)
        {
            bool isTold = host is null || host.Rules is not null || snapshot.Gaps.Any(gap => gap.What.StartsWith("firewall rules", StringComparison.Ordinal));
            return new HostFirewall(null, zones, isTold ? [] : [new Gap("firewall rules", "the snapshot holds none", "take it again, as root: portcullis inspect")]);
        }

        if (!dump.LegacyTables.IsEmpty)
        {
            return new HostFirewall(null, zones, [new Gap("firewall rules", $"those of the older iptables are not read yet: {string.Join(", ", dump.LegacyTables)}", null)]);
        }

        Ruleset ruleset = NftRuleset.Decode(dump.Messages.Span);
        return new HostFirewall(new NamespaceFirewall(host, ruleset), zones, [.. ruleset.Unread.Select(text => new Gap("firewall rules", text, null))]);
    }

    /// <summary>Who reaches a listener, a zone each; empty for one that no firewall stands before.</summary>
    internal ImmutableArray<Exposure> ExposureOf(Listener listener) =>
        listener.Namespace == NetworkNamespace.HostName ? Exposures.Of(listener, _firewall, _zones) : [];

    /// <summary>How the zone "internet" fares that asks for a listener over one IP version; null where that cannot be said.</summary>
    internal Exposure? FromInternet(Listener listener, IpVersion version) => _firewall is null ? null
        : Exposures.Of(listener, _firewall, [_zones.First(zone => zone.Name == Zone.Internet)], version).FirstOrDefault();

    /// <summary>The ports at which strangers get past rules that would keep them out, because their packets are translated before those are asked.</summary>
    internal IEnumerable<PassedPort> Passed() => _firewall is null ? [] : PassedPorts.Of(_firewall, _zones.First(zone => zone.Name == Zone.Internet));

    /// <summary>Whether anybody who is in none of the zones reaches a listener; null where that cannot be said.</summary>
    /// <param name="listener">A listener of the host.</param>
    /// <param name="allowed">The names of the zones that may reach it.</param>
    internal Exposure? Beyond(Listener listener, ImmutableArray<string> allowed)
    {
        if (_firewall is null || allowed.Contains(Zone.Internet, StringComparer.Ordinal))
        {
            return null;
        }

        // Each zone is within those around it: whoever may be reached from the private network may be from the link.
        ZoneSources[] named = [.. _zones.Where(zone => allowed.Contains(zone.Name, StringComparer.Ordinal) || (zone.Name == Zone.Link && allowed.Contains(Zone.Private, StringComparer.Ordinal)))];
        ZoneSources everybody = _zones.First(zone => zone.Name == Zone.Internet).WithoutExceptions();
        return Exposures.Of(listener, _firewall, [everybody with { Except = [.. everybody.Except, .. named.SelectMany(zone => zone.Blocks ?? [])] }]).FirstOrDefault();
    }
}
