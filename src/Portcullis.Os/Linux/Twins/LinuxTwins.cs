using System.Collections.Immutable;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Rules.Given;

namespace Portcullis.Os.Linux.Twins;

/// <summary>
/// Makes twins of this host out of two network namespaces that are thrown away: the twin, and the outside, in which every interface
/// of the twin ends.
/// </summary>
internal sealed class LinuxTwins : ITwins
{
    /// <inheritdoc/>
    public ImmutableArray<PortState> Ask(NetworkNamespace host, ImmutableArray<Listener> listeners, ImmutableArray<TwinQuestion> questions, CancellationToken cancellation)
    {
        RulesetDump rules = host.Rules ?? throw new ProbeException("the firewall's rules were not read");
        if (!rules.LegacyTables.IsEmpty || !rules.Ipsets.IsEmpty)
        {
            throw new ProbeException($"rules of {(rules.Ipsets.IsEmpty ? "the older iptables" : "ipset")} cannot be carried into it");
        }

        ImmutableArray<PortState> states = [];
        int inner = 0;
        int error = ThrowAwayNamespace.Run((_, _) =>
        {
            using TwinOutside outside = TwinOutside.Open();
            using NamespaceDescriptor here = NamespaceDescriptor.OfThread();
            inner = ThrowAwayNamespace.Run((door, _) =>
            {
                TwinNetwork network = TwinNetwork.Build(door, host, here.Number);
                using (TwinListeners listening = TwinListeners.Open(listeners))
                {
                    TwinRules.Load(rules);
                    outside.SwitchOn(network);
                    states = outside.Ask(network, questions, cancellation);
                }
            });
        });
        return (error == 0 ? inner : error) switch
        {
            0 => states,
            Errno.EPERM => throw new ProbeException("a network namespace can only be made by root: run with sudo"),
            int other => throw new ProbeException($"no network namespace can be made: {Errno.Text(other)}"),
        };
    }
}
