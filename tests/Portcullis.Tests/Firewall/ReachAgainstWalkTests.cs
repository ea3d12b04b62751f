using System;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Xunit;

namespace Portcullis.Tests.Firewall;

/// <summary>What is worked out for all packets at once, against the walk of one packet after the other.</summary>
public sealed class ReachAgainstWalkTests(ITestOutputHelper output)
{
    private const int Packets = 40;

    [Fact]
    public void Both_agree_on_random_packets_through_random_rules()
    {
        int first = int.Parse(Environment.GetEnvironmentVariable("PORTCULLIS_SEED") ?? "1", CultureInfo.InvariantCulture);
        int count = int.Parse(Environment.GetEnvironmentVariable("PORTCULLIS_RULESETS") ?? "800", CultureInfo.InvariantCulture);
        int[] verdicts = new int[4];
        for (int seed = first; seed < first + count; seed++)
        {
            RandomRules made = new(seed);
            Reach reach = Reach.Of(made.Ruleset, made.Arrival);
            for (int at = 0; at < Packets; at++)
            {
                Packet packet = made.Packet();
                verdicts[(int)reach.At(packet.Source, packet.Destination, packet.SourcePort, packet.Port).Verdict]++;
                if (Oracle.Disagreement(reach, made.Ruleset, made.Arrival, packet, made.IsExact) is not null)
                {
                    Assert.Fail(Told(seed, made, packet));
                }
            }
        }

        output.WriteLine($"seeds {first} to {first + count - 1}; blocked, unknown, conditional, reachable: {string.Join(", ", verdicts)}");
        Assert.All([ReachVerdict.Blocked, ReachVerdict.Conditional, ReachVerdict.Reachable], verdict => Assert.NotEqual(0, verdicts[(int)verdict]));
    }

    /// <summary>What is worked out for some ports alone, which leaves out most of what rules say, is the same for those.</summary>
    [Fact]
    public void Both_agree_where_few_ports_are_asked_about()
    {
        int compared = 0;
        for (int seed = 1; seed <= 600; seed++)
        {
            RandomRules made = new(seed);
            Packet[] packets = [.. Enumerable.Range(0, 4).Select(_ => made.Packet())];
            foreach (Packet[] some in (Packet[][])[packets, packets[..1]])
            {
                Arrival arrival = made.Arrival with { Ports = [.. some.Select(packet => packet.Port).Distinct()] };
                Reach reach = Reach.Of(made.Ruleset, arrival);
                foreach (Packet packet in some)
                {
                    compared++;
                    string? wrong = Oracle.Disagreement(reach, made.Ruleset, made.Arrival, packet, made.IsExact);
                    Assert.True(wrong is null, string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {packet}: {wrong}"));
                }
            }
        }

        Assert.Equal(3000, compared);
    }

    private static string Told(int seed, RandomRules made, Packet packet)
    {
        Ruleset small = Shrinking.Of(made.Ruleset, rules => Oracle.Disagreement(Reach.Of(rules, made.Arrival), rules, made.Arrival, packet, made.IsExact) is not null);
        return $"seed {seed}: {packet} {made.Arrival.Interface.Addresses.Length} addresses\n{Oracle.Disagreement(Reach.Of(small, made.Arrival), small, made.Arrival, packet, made.IsExact)}\n{RulesetText.Of(small)}";
    }
}
