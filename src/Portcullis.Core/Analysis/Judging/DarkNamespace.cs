using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Listeners in a network namespace that belongs to no container and no unit, where the usual tools do not look.</summary>
internal sealed class DarkNamespace : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Listeners)
        {
            if (listener.Namespace == NetworkNamespace.HostName || listener.Container is not null || listener.Unit is { Transient: false }
                || listener.Protocol is Protocol.Raw or Protocol.Packet || listener.Scope == Scope.Loopback)
            {
                continue;
            }

            yield return Wording.Finding(
                "PC3010", Severity.Medium, $"{Wording.Holder(listener)} listens on {Wording.Port(listener)} in the network namespace {listener.Namespace}, which no container and no unit owns", listener,
                ["ss, netstat and lsof do not show other namespaces unless they are told to enter them"],
                $"find out who made it (ip netns list; lsns -t net); {Remedy.Stop(listener)}");
        }
    }
}
