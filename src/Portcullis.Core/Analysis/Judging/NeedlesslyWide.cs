using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Services that listen on every interface for the sake of clients that are all on this host.</summary>
internal sealed class NeedlesslyWide : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        Dictionary<int, PeerCount> peers = [];
        foreach (PeerCount one in judgement.Snapshot.Namespaces.FirstOrDefault(network => network.Name == NetworkNamespace.HostName)?.Peers ?? [])
        {
            peers[one.Port] = one;
        }

        foreach (Listener listener in judgement.Listeners)
        {
            if (listener.Protocol != Protocol.Tcp || listener.Scope != Scope.Any || listener.Namespace != NetworkNamespace.HostName
                || !peers.TryGetValue(listener.Port, out PeerCount? count) || count.Others > 0 || count.Local == 0
                || judgement.ExpectationOf(listener).Expected == true || judgement.IdentityOf(listener)?.Exposure == AdvisedExposure.Internet)
            {
                continue;
            }

            yield return Wording.Finding(
                "PC2006", Severity.Info, $"{Wording.Holder(listener)} listens {Wording.Where(listener)} ({Wording.Port(listener)}), and all its peers are on this host", listener,
                [string.Create(CultureInfo.InvariantCulture, $"{count.Local} {(count.Local == 1 ? "connection" : "connections")} at the moment, none from elsewhere")],
                Remedy.BindInside(listener));
        }
    }
}
