using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Planning;

/// <summary>
/// Writes Portcullis's own table of nf_tables: closed but for what is to be let in. Other tables stay as they are; of a packet that any
/// of them drops nothing is left, so that this one can only close (nft(8), "Verdict statements").
/// </summary>
public static class OwnTable
{
    /// <summary>Its name.</summary>
    public const string Name = "portcullis";

    private const int LongestComment = 127; // bytes; NFTNL_UDATA_COMMENT_MAXLEN of libnftnl, with its end
    private const int LongestSetName = 40;

    // What networks need to work, and no more: RFC 1122, 3.2.2; RFC 1812, 4.3 (a host takes no advice on routes: no redirects).
    private const string Icmp = "icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept";

    // RFC 4890, 4.4.1: the first four must not be dropped, nor echo requests and replies.
    private const string Icmpv6 = "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request, echo-reply } accept";

    // Neighbours alone have a hop limit of 255 (RFC 4861, 6.1 and 7.1); inverse discovery (RFC 3122), secured discovery (RFC 3971).
    private const string Neighbours = "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, ind-neighbor-solicit, ind-neighbor-advert, 148, 149 } ip6 hoplimit 255 accept";

    // Multicast listeners speak from link-local addresses (RFC 2710, 3; RFC 3810, 5), and routers of multicast too (RFC 4286).
    private const string Multicast = "icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report, 151, 152, 153 } ip6 saddr fe80::/10 accept";

    /// <summary>Whether a table is this one.</summary>
    public static bool Is(FirewallTable table) => table is { Family: TableFamily.Inet, Name: Name };

    /// <summary>The script for nft(8) that puts the table in the place of an older one, in one transaction.</summary>
    /// <param name="openings">What is to be let in.</param>
    /// <param name="policy">The policy, for its zones.</param>
    public static string Script(ImmutableArray<Opening> openings, HostPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (string Zone, Opening[] Openings)[] byZone = [.. openings.SelectMany(static one => Zones(one).Select(zone => (Zone: zone, Opening: one))).GroupBy(static one => one.Zone, StringComparer.Ordinal)
            .Select(static same => (same.Key, same.Select(static one => one.Opening).ToArray())).OrderBy(static one => one.Key, StringComparer.Ordinal)];
        StringBuilder text = new();
        text.Append("# Written by Portcullis: do not edit. It is replaced as a whole.\n");
        text.Append(CultureInfo.InvariantCulture, $"table inet {Name}\ndelete table inet {Name}\n"); // the first so that there is one to delete
        text.Append(CultureInfo.InvariantCulture, $"table inet {Name} {{\n");
        Dictionary<(string Zone, IpVersion Version), string> sets = [];
        foreach ((string zone, _) in byZone.Where(static one => one.Zone != Zone.Internet))
        {
            Sets(text, zone, policy, sets);
        }

        text.Append("\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n");
        Rule(text, "ct state established,related accept");
        Rule(text, "iif \"lo\" accept");
        Rule(text, Icmp);
        Rule(text, Icmpv6);
        Rule(text, Neighbours);
        Rule(text, Multicast);
        Rule(text, "meta l4proto igmp ip ttl 1 accept"); // who wants which multicast on the link (RFC 3376, 4)
        Rule(text, "ct state invalid counter drop"); // behind those: the kernel calls some of IPv6's own messages so
        foreach ((string zone, Opening[] own) in byZone)
        {
            if (zone == Zone.Internet)
            {
                Lets(text, "", own);
            }

            if (zone == Zone.Link)
            {
                Lets(text, "ip daddr 224.0.0.0/24 ", own); // neighbours speak from their ordinary addresses, and no router passes these on (RFC 5771, 4)
            }

            foreach (((_, IpVersion version), string set) in sets.Where(one => one.Key.Zone == zone))
            {
                Lets(text, $"{(version == IpVersion.V4 ? "ip" : "ip6")} saddr @{set} ", own);
            }
        }

        // A client that asks for an address has none yet (RFC 2131, 4.1), or one of its link alone (RFC 8415, 14): that is in no zone.
        if (Opens(openings, 67))
        {
            Rule(text, "ip saddr 0.0.0.0 udp sport 68 udp dport 67 counter accept comment \"who asks for an address\"");
        }

        if (Opens(openings, 547))
        {
            Rule(text, "ip6 saddr fe80::/10 udp dport 547 counter accept comment \"who asks for an address\"");
        }

        Rule(text, "limit rate 6/minute burst 12 packets log prefix \"portcullis drops: \"");
        Rule(text, "counter comment \"dropped\"");
        return text.Append("\t}\n}\n").ToString();
    }

    /// <summary>What takes the table away; nothing where there is none.</summary>
    public static string Removal { get; } = $"table inet {Name}\ndelete table inet {Name}\n";

    private static bool Opens(ImmutableArray<Opening> openings, int port) => openings.Any(one => one.Ports.Any(range => range.Includes(Protocol.Udp, port)));

    /// <summary>The zones of an opening: everybody makes the others needless.</summary>
    private static ImmutableArray<string> Zones(Opening opening) => opening.From.Contains(Zone.Internet, StringComparer.Ordinal) ? [Zone.Internet] : opening.From;

    private static void Sets(StringBuilder text, string zone, HostPolicy policy, Dictionary<(string Zone, IpVersion Version), string> sets)
    {
        foreach (IGrouping<IpVersion, AddressBlock> same in Zone.BlocksOf(zone, policy).GroupBy(static block => block.Prefix.Version))
        {
            string name = NameOf(zone, same.Key, sets.Values);
            sets.Add((zone, same.Key), name);
            text.Append(CultureInfo.InvariantCulture, $"\tset {name} {{\n\t\ttype {(same.Key == IpVersion.V4 ? "ipv4_addr" : "ipv6_addr")}\n\t\tflags interval\n\t\tauto-merge\n");
            text.Append(CultureInfo.InvariantCulture, $"\t\telements = {{ {string.Join(", ", same)} }}\n\t}}\n\n");
        }
    }

    /// <summary>A name of letters, digits and underscores (nft(8), "Lexical conventions"), which no other has.</summary>
    private static string NameOf(string zone, IpVersion version, IReadOnlyCollection<string> taken)
    {
        string plain = string.Concat(zone.Take(LongestSetName).Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        string name = $"zone_{plain}_{(version == IpVersion.V4 ? "v4" : "v6")}";
        string unique = name;
        for (int count = 2; taken.Contains(unique); count++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{count}");
        }

        return unique;
    }

    /// <summary>A rule for each protocol, so that its counter tells something.</summary>
    private static void Lets(StringBuilder text, string source, Opening[] openings)
    {
        foreach (IGrouping<Protocol, (ServicePort Port, string Name)> same in openings.SelectMany(static one => one.Ports.Select(port => (Port: port, one.Name))).GroupBy(static one => one.Port.Protocol).OrderBy(static one => one.Key))
        {
            string ports = Ports(same.Select(static one => one.Port.Ports));
            string match = same.Key == Protocol.Raw ? $"meta l4proto {ports}" : $"{Word(same.Key)} dport {ports}";
            Rule(text, $"{source}{match} counter accept comment \"{Comment(same.Select(static one => one.Name))}\"");
        }
    }

    private static string Word(Protocol protocol) => protocol switch
    {
        Protocol.Tcp => "tcp",
        Protocol.Udp => "udp",
        Protocol.UdpLite => "udplite",
        Protocol.Sctp => "sctp",
        Protocol.Dccp => "dccp",
        Protocol.Raw or Protocol.Packet => throw new ArgumentException("it has no ports", nameof(protocol)),
    };

    /// <summary>"{ 22, 80-90 }": in order, none of them twice.</summary>
    private static string Ports(IEnumerable<PortRange> ranges)
    {
        List<PortRange> merged = [];
        foreach (PortRange range in ranges.OrderBy(static range => range.First))
        {
            if (merged is [.., PortRange last] && range.First <= last.Last + 1)
            {
                merged[^1] = last with { Last = Math.Max(last.Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return $"{{ {string.Join(", ", merged)} }}";
    }

    /// <summary>The names of services, as far as a comment holds them; they are the user's, so that nothing of nft's language stays in them.</summary>
    private static string Comment(IEnumerable<string> names)
    {
        string all = string.Concat(string.Join(", ", names.Distinct(StringComparer.Ordinal)).Select(static letter => letter is >= ' ' and < '\x7f' and not ('"' or '\\' or '$') ? letter : '_'));
        return all.Length <= LongestComment ? all : string.Concat(all.AsSpan(0, LongestComment - 3), "...");
    }

    private static void Rule(StringBuilder text, string rule) => text.Append("\t\t").Append(rule).Append('\n');
}
