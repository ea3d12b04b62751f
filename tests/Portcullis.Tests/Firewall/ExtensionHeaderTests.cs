using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>Headers that a sender may put in: a plain packet has none of them, and rules that ask for them do not hold for it.</summary>
public sealed class ExtensionHeaderTests
{
    private static readonly PacketField RoutingType = new(FieldSource.Other, "exthdr 43 byte 2", 0, 1);

    [Fact]
    public void Rule_that_drops_a_header_keeps_no_plain_packet_out()
    {
        Ruleset rules = Rules(Cases.Input(Rule(Is(RoutingType, 0), Drop), Rule(Accept)));
        Assert.Equal((ReachVerdict.Reachable, 0), Told(rules));
    }

    [Fact]
    public void Rule_that_lets_a_header_in_is_not_passed_over()
    {
        Ruleset rules = Rules(Cases.Input(Rule(Is(RoutingType, 0), Accept), Rule(Drop)));
        Assert.Equal((ReachVerdict.Conditional, 1), Told(rules));
    }

    [Fact]
    public void Negation_does_not_hold_for_a_plain_packet_either()
    {
        MatchStep other = new(new Operand(RoutingType), [new ByteRange([0], [0])], Negated: true);
        Assert.Equal((ReachVerdict.Reachable, 0), Told(Rules(Cases.Input(Rule(other, Drop), Rule(Accept)))));
        Assert.Equal((ReachVerdict.Conditional, 1), Told(Rules(Cases.Input(Rule(other, Accept), Rule(Drop)))));
    }

    private static (ReachVerdict Verdict, int DependsOn) Told(Ruleset rules)
    {
        ReachRegion region = Reach.Of(rules, Cases.ArrivalOf(Cases.Web6)).At(Cases.Web6.Source, Cases.Web6.Destination, 40000, 80);
        return (region.Verdict, region.DependsOn.Length);
    }
}
