using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Core.Wire.Nft;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Joins listeners with the firewall of the host's namespace.</summary>
public static class ExposureTable
{
    /// <summary>The listeners, each with who reaches it. Those of other namespaces stay without: what leads to them is not worked out yet.</summary>
    /// <param name="listeners">The listeners.</param>
    /// <param name="namespaces">The namespaces that they are in.</param>
    /// <param name="policy">The policy whose zones are told of besides the built-in ones; null for none.</param>
    public static ImmutableArray<Listener> Of(ImmutableArray<Listener> listeners, ImmutableArray<NetworkNamespace> namespaces, HostPolicy? policy)
    {
        NetworkNamespace? host = namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName);
        if (host is null)
        {
            return listeners;
        }

        NamespaceFirewall? firewall = host.Rules is RulesetDump dump && dump.LegacyTables.IsEmpty ? new NamespaceFirewall(host, NftRuleset.Decode(dump.Messages.Span)) : null;
        ImmutableArray<ZoneSources> zones = ZoneSources.Of(policy, host);
        return [.. listeners.Select(listener => listener.Namespace == NetworkNamespace.HostName ? listener with { Exposure = Exposures.Of(listener, firewall, zones) } : listener)];
    }
}
