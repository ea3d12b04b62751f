using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Tests.Firewall;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>Packets that are sent to groups of hosts get to who has joined these, so that nobody may call such a listener unreached.</summary>
public sealed class GroupExposureTests
{
    // What ufw brings with it: -d 224.0.0.251 -p udp --dport 5353 -j ACCEPT
    private static readonly Ruleset Mdns = Rules(Cases.Input(Rule(
        Is(Fields.Protocol, 17), new MatchStep(new Operand(Destination(IpVersion.V4)), [One(Bytes("224.0.0.251"))], false), Is(Port, 5353), Cases.Accept)));

    private static readonly Ruleset Multicast = Rules(Cases.Input(Rule(Is(new PacketField(FieldSource.Meta, "pkttype", 0, 1), 2), Cases.Accept)));

    [Theory]
    [InlineData("udp", "0.0.0.0", 5353, "conditional by multicast or broadcast")]
    [InlineData("udp", "0.0.0.0", 5354, "blocked")]
    [InlineData("udp", "203.0.113.7", 5353, "blocked")] // bound to one address it hears no group
    [InlineData("udp", "224.0.0.251", 5353, "reachable")] // bound to the group
    [InlineData("tcp", "0.0.0.0", 5353, "blocked")]
    public void Listener_may_have_joined_a_group_that_is_let_in(string protocol, string address, int port, string expected) => Assert.Equal(expected, Link(Mdns, protocol, address, port));

    [Fact]
    public void Rule_for_the_kind_of_packet_counts() => Assert.Equal("conditional by multicast or broadcast", Link(Multicast, "udp", "0.0.0.0", 5353));

    private static string Link(Ruleset ruleset, string protocol, string address, int port)
    {
        SocketFacts socket = Facts.Socket(protocol == "udp" ? Core.Model.Protocol.Udp : Core.Model.Protocol.Tcp, address, port) with { Backlog = 1 };
        Listener listener = Core.Analysis.ListenerTable.From(Facts.Snapshot(socket)).Single();
        NetworkNamespace network = Facts.Network(Facts.Host, NetworkNamespace.HostName);
        ImmutableArray<Exposure> exposures = Exposures.Of(listener, new NamespaceFirewall(network, ruleset), ZoneSources.Of(null, network));
        Exposure link = exposures.Single(one => one.Zone == Zone.Private);
        return $"{link.Verdict.ToString().ToLowerInvariant()} {link.Part}".TrimEnd();
    }
}
