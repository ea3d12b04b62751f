using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>
/// Listeners that no process shows to hold, though every process could be looked into: some of the kernel's own, and what a rootkit
/// hides. Where the run lacked rights a missing holder means nothing, and a gap tells of it.
/// </summary>
internal sealed class UnseenHolder : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Snapshot is not { SeesEveryProcess: true, Observer: 0 })
        {
            yield break;
        }

        foreach (Listener listener in judgement.Listeners)
        {
            if (listener.Holder.Kind != HolderKind.Unknown || !listener.Processes.IsEmpty || listener.Container is not null
                || listener.Scope == Scope.Loopback || listener.Protocol is Protocol.Raw or Protocol.Packet)
            {
                continue;
            }

            yield return Wording.Finding(
                "PC3013", SeverityOf(judgement, listener),
                $"{Wording.Port(listener)} is heard {Wording.Where(listener)}, and no process shows that it holds it", listener,
                [
                    string.Create(CultureInfo.InvariantCulture, $"the descriptors of every process were read, and none is this socket's; user id {listener.Uid} made it"),
                    listener.Uid == 0
                        ? "harmless: a service of the kernel that no file tells of (lockd, NFS callbacks, AFS), or one kept by io_uring(7)"
                        : "the kernel makes its own sockets as user 0, so it is none of those; io_uring(7) can keep one without a descriptor",
                    "not harmless: a process that hides itself, as rootkits do (MITRE ATT&CK T1014); which of these it is cannot be told from here",
                ],
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"find out which: rpcinfo -p names NFS's helpers, sudo ss -{(listener.Protocol == Protocol.Tcp ? "t" : "u")}lne 'sport = :{listener.Port}' the socket; if nothing explains it, look at the machine from outside (an image of its memory or disk), since its own tools may be deceived"));
        }
    }

    private static Severity SeverityOf(Judgement judgement, Listener listener)
    {
        if (listener.Uid != 0)
        {
            return Severity.High;
        }

        // Where the kernel serves NFS, its lock manager has ports of the moment beside it.
        bool isServer = judgement.Snapshot.Namespaces.Any(network => network.Name == listener.Namespace && network.KernelServices.Any(service => service.Name.StartsWith("nfs", StringComparison.Ordinal)));
        return isServer || judgement.ExpectationOf(listener).Expected == true ? Severity.Low : Severity.Medium;
    }
}
