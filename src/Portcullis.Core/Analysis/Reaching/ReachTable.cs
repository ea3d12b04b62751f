using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Answers who can reach what on a host.</summary>
public static class ReachTable
{
    private const int MostWitnesses = 8;

    /// <summary>The answers for the host's own addresses, whatever listens there.</summary>
    /// <param name="host">The host's namespace.</param>
    /// <param name="ruleset">Its rules, or others that are tried in their place.</param>
    /// <param name="inquiry">What is asked.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ReachReport Of(NetworkNamespace host, Ruleset ruleset, ReachInquiry inquiry, HostPolicy? policy)
    {
        List<Gap> gaps = [];
        List<ReachAnswer> answers = [.. Fates(host, ruleset, inquiry, policy, gaps).SelectMany(list => AnswerTable.Of(list, list.Fates, inquiry.Zone))];
        answers.Sort(Order);
        return new ReachReport([.. answers], [.. gaps.Distinct()]);
    }

    private static int Order(ReachAnswer left, ReachAnswer right) =>
        ((int)left.Protocol).CompareTo((int)right.Protocol) is int protocol and not 0 ? protocol
        : ((int)right.Verdict).CompareTo((int)left.Verdict) is int verdict and not 0 ? verdict
        : left.Ports[0].CompareTo(right.Ports[0]) is int ports and not 0 ? ports
        : ((int)left.Version).CompareTo((int)right.Version) is int version and not 0 ? version
        : string.CompareOrdinal(left.From, right.From) is int from and not 0 ? from
        : string.CompareOrdinal(left.To, right.To) is int to and not 0 ? to
        : string.CompareOrdinal(left.Interface, right.Interface);

    /// <summary>How the packets of an inquiry fare.</summary>
    internal static IEnumerable<FateList> Fates(NetworkNamespace host, Ruleset ruleset, ReachInquiry inquiry, HostPolicy? policy, List<Gap> gaps)
    {
        NamespaceFirewall firewall = new(host, ruleset, PortsOf(inquiry));
        ZoneSources? zone = inquiry.Zone is string name ? ZoneSources.Of(policy, host).First(one => one.Name == name) : null;
        foreach (Protocol protocol in inquiry.Ports is { } ports ? ports.Select(one => one.Protocol).Distinct() : [Protocol.Tcp, Protocol.Udp])
        {
            foreach (IpVersion version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
            {
                List<Fate> fates = FatesOf(firewall, inquiry, zone, protocol, version, gaps, out int addresses);
                yield return new FateList(protocol, version, fates, addresses);
            }
        }
    }

    /// <summary>For each way in which packets of an inquiry fare, one of them and its walk; the worst first, and no more than a few.</summary>
    /// <param name="host">The host's namespace.</param>
    /// <param name="ruleset">Its rules.</param>
    /// <param name="inquiry">What is asked; it names ports.</param>
    /// <param name="policy">The policy whose zones may be named; null for none.</param>
    public static ImmutableArray<Witness> Witnesses(NetworkNamespace host, Ruleset ruleset, ReachInquiry inquiry, HostPolicy? policy)
    {
        NamespaceFirewall firewall = new(host, ruleset, PortsOf(inquiry));
        ZoneSources? zone = inquiry.Zone is string name ? ZoneSources.Of(policy, host).First(one => one.Name == name) : null;
        return
        [
            .. (inquiry.Ports ?? []).SelectMany(asked => ((IpVersion[])[IpVersion.V4, IpVersion.V6]).SelectMany(version =>
                FatesOf(firewall, inquiry with { Ports = [asked] }, zone, asked.Protocol, version, [], out _)
                    .GroupBy(fate => (fate.Entrance.Name, fate.Region.Verdict, fate.Region.By?.ToString(), fate.Region.To))
                    .Select(same => Witness.Of(ruleset, host, [.. same], asked.Protocol, NumberOf(asked.Protocol), asked.Port))))
                .OrderByDescending(witness => witness.Verdict).Take(MostWitnesses),
        ];
    }

    private static ImmutableArray<int>? PortsOf(ReachInquiry inquiry) => inquiry.Ports is { } ports ? [.. ports.Select(one => one.Port).Distinct()] : null;

    private static List<Fate> FatesOf(NamespaceFirewall firewall, ReachInquiry inquiry, ZoneSources? zone, Protocol protocol, IpVersion version, List<Gap> gaps, out int addresses)
    {
        bool isHost = zone?.IsHost == true;
        NetworkInterface[] entrances = [.. firewall.Network.Interfaces.Where(one => one.IsUp && one.IsLoopback == isHost)];
        ImmutableArray<IpBlock> own = [.. NamespaceFirewall.AddressesOf(firewall.Network, isHost).Where(address => address.Version == version).Select(Block)];
        addresses = own.Length;
        if (own.IsEmpty || (inquiry.From is IpAddress from && from.Version != version))
        {
            return [];
        }

        ReachQuestion question = new()
        {
            Destinations = own,
            Ports = inquiry.Ports is { } asked ? [.. asked.Where(one => one.Protocol == protocol).Select(one => (one.Port, one.Port))] : null,
            Sources = inquiry.From is IpAddress source ? [Block(source)] : zone?.Blocks,
            Except = zone?.Except ?? [],
            IsRouted = !isHost,
        };
        List<Fate> fates = [];
        foreach (NetworkInterface entrance in entrances)
        {
            try
            {
                if (firewall.By(entrance, version, NumberOf(protocol)) is Reach reach)
                {
                    foreach (ReachRegion region in reach.Regions(question))
                    {
                        fates.Add(new Fate(entrance, region));
                        gaps.AddRange(region.NotUnderstood.Select(static rule => new Gap("firewall rules", $"not understood: {rule}", "look what it does (sudo nft list ruleset, sudo iptables-save)")));
                    }

                    continue;
                }
            }
            catch (TooComplexException)
            {
                // Told below, as where the whole is too complex already.
            }

            gaps.Add(new Gap("firewall rules", "too complex to be worked out", null));
        }

        return fates;
    }

    private static IpBlock Block(IpAddress address) => new(address, address.Version == IpVersion.V4 ? 32 : 128);

    private static byte NumberOf(Protocol protocol) => protocol switch
    {
        Protocol.Tcp => 6,
        Protocol.Udp => 17,
        Protocol.Dccp => 33,
        Protocol.Sctp => 132,
        _ => 136,
    };
}
