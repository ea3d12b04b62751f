using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>Chooses the packets by which a twin of the host proves what its rules say, and makes views of the answers.</summary>
public static class TwinQuestions
{
    /// <summary>How a view of a twin says from where it is seen: by this and the zone's name.</summary>
    public const string From = "twin:";

    private const int Most = 256; // of each zone, for all listeners together: to work out what the rules say of each takes its time
    private const int LeastOfZone = 2; // so that each listener is asked for, and what is let in and what is not

    /// <summary>For each listener and each zone a packet for each way in which they fare; none where the rules were not read.</summary>
    /// <param name="snapshot">The facts.</param>
    /// <param name="policy">The policy, whose zones are asked from too; null for none.</param>
    /// <param name="cancellation">Ends it before its time.</param>
    public static TwinInquiry Of(Snapshot snapshot, HostPolicy? policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        HostFirewall firewall = HostFirewall.Of(snapshot, policy);
        ImmutableArray<Listener> listeners = [.. ListenerTable.From(snapshot).Where(static one => one.Namespace == NetworkNamespace.HostName && one.Scope != Scope.Loopback && one.Protocol is Protocol.Tcp or Protocol.Udp && one.Port > 0)];
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(static one => one.Name == NetworkNamespace.HostName);
        HashSet<IpAddress> own = [.. host?.Interfaces.SelectMany(static one => one.Addresses) ?? []]; // nobody else can send from these
        ImmutableArray<AddressBox> senders = Answered(host?.Routes ?? []);
        int mostOfZone = Math.Max(LeastOfZone, Most / Math.Max(1, listeners.Length));
        List<TwinQuestion> questions = [];
        int left = 0;
        int withoutWayBack = 0;
        foreach (Listener listener in listeners.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            ImmutableArray<(string Zone, Witness Packet)> packets = firewall.PacketsTo(listener, senders, mostOfZone, out int more, out bool hasOthers);
            questions.AddRange(packets.Where(one => !own.Contains(one.Packet.Source)).Select(static one => new TwinQuestion(one.Zone, one.Packet.Interface, one.Packet.Source, one.Packet.SourcePort, one.Packet.Destination, one.Packet.Protocol, one.Packet.Port)));
            left += more;
            withoutWayBack += packets.IsEmpty && hasOthers ? 1 : 0;
        }

        return new TwinInquiry([.. questions.Distinct()], listeners, left, withoutWayBack);
    }

    /// <summary>The addresses to which the host has a way back: what comes from others may get in, and no answer is ever seen.</summary>
    private static ImmutableArray<AddressBox> Answered(ImmutableArray<NetworkRoute> routes) =>
        [.. AddressBoxes.Merged(routes.Where(static route => route.Table == NetworkRoute.MainTable).Select(static route => AddressBox.Of(route.Prefix, route.Length)))];

    /// <summary>The views of the zones.</summary>
    /// <param name="questions">What was asked.</param>
    /// <param name="states">What was found, a state a question.</param>
    public static ImmutableArray<OutsideView> Views(ImmutableArray<TwinQuestion> questions, ImmutableArray<PortState> states)
    {
        List<OutsideView> views = [];
        foreach (IGrouping<(string Zone, string Interface, IpAddress Source, IpAddress Destination), (TwinQuestion Question, PortState State)> same in
            questions.Zip(states).GroupBy(static one => (one.First.Zone, one.First.Interface, one.First.Source, one.First.Destination)))
        {
            views.Add(new OutsideView
            {
                From = From + same.Key.Zone,
                IsTwin = true,
                Address = same.Key.Destination,
                Source = same.Key.Source,
                Destination = same.Key.Destination,
                Interface = same.Key.Interface,
                Ports = SeenRanges.Of(same.DistinctBy(static one => (one.Question.Protocol, one.Question.Port)).Select(static one =>
                    new SeenPorts(one.Question.Protocol, one.Question.Port, one.Question.Port, one.State, HasArrived: true))),
            });
        }

        return [.. views];
    }
}
