using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>Rules in the words of those who wrote them.</summary>
public sealed class RuleTextTests
{
    public static TheoryData<string, RuleStep[]> Rules => new()
    {
        { "tcp dport 443 accept", [Is(Fields.Protocol, 6), Is(Port, 443), Accept] },
        { "meta l4proto icmp accept", [Is(Fields.Protocol, 1), Accept] },
        { "meta mark 0x7 accept", [Is(Mark, 7), Accept] },
        { "meta mark != 0x7 accept", [IsNot(Mark, 7), Accept] },
        { "meta mark set 0x80", [Set(Mark, 128)] },
        { "ct state new accept", [Any(State, 8), Accept] },
        { "ct state established,related accept", [Any(State, 6), Accept] },
        { "ct state != new drop", [Any(State, 8) with { Negated = false }, Drop] },
        { "ct status dnat accept", [Any(Status, 32), Accept] },
        { "ct mark 0x1-0x9 accept", [Between(ConnectionMark, Bytes(1, 4), Bytes(9, 4)), Accept] },
        { "fib daddr type local accept", [Is(DestinationType, 2), Accept] },
        { "fib daddr type 0x9 accept", [Is(DestinationType, 9), Accept] },
        { "fib saddr . mark . iif oif missing drop", [Is(new PacketField(FieldSource.Route, "saddr . mark . iif check", 0, 1), 0), Drop] },
        { "fib saddr oif exists accept", [Is(new PacketField(FieldSource.Route, "saddr check", 0, 1), 1), Accept] },
        { "fib saddr oif 0x2 accept", [Is(new PacketField(FieldSource.Route, "saddr oif", 0, 4), 2), Accept] },
        { "fib saddr oifname \"eth0\" accept", [new MatchStep(new Operand(new PacketField(FieldSource.Route, "saddr oifname", 0, 16)), [One(Name("eth0"))], false), Accept] },
        { "rt type 0 drop", [Is(new PacketField(FieldSource.Other, "exthdr 43 byte 2", 0, 1), 0), Drop] },
        { "exthdr 43 byte 3 1 drop", [Is(new PacketField(FieldSource.Other, "exthdr 43 byte 3", 0, 1), 1), Drop] }, // segments left
        { "tcp dport { 22, 80-90 } accept", [Is(Fields.Protocol, 6), new LookupStep([new Operand(Port)], "__set0", false), Accept] },
        { "tcp dport != @ports drop", [Is(Fields.Protocol, 6), new LookupStep([new Operand(Port)], "ports", true), Drop] },
        { "ip saddr 10.0.0.1 drop", [new MatchStep(new Operand(Source(IpVersion.V4)), [One(Bytes("10.0.0.1"))], false), Drop] },
    };

    private static readonly FirewallSet Ports = Elements("__set0", [2], ([Bytes(22, 2)], [Bytes(22, 2)]), ([Bytes(80, 2)], [Bytes(90, 2)])) with { IsAnonymous = true };
    private static readonly FirewallSet Named = Ports with { Name = "ports", IsAnonymous = false };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rule_reads_as_its_author_wrote_it(string expected, RuleStep[] steps) => Assert.Equal(expected, RuleText.Of(new FirewallRule { Steps = [.. steps] }, Table(TableFamily.Inet, "t") with { Sets = [Ports, Named] }));
}
