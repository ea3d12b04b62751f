using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Firewall;

public sealed class RegionsTests
{
    [Fact]
    public void Every_packet_lies_in_exactly_one_region()
    {
        int asked = 0;
        for (int seed = 1; asked < 100; seed++)
        {
            RandomRules made = new(seed);
            Reach reach = Reach.Of(made.Ruleset, made.Arrival);
            ReachRegion[] regions = [.. reach.Regions(new ReachQuestion()).Take(1001)];
            if (regions.Length > 1000)
            {
                continue; // masks that leave holes everywhere
            }

            for (int at = 0; at < 20; at++)
            {
                Packet packet = made.Packet();
                ReachRegion region = Assert.Single(regions, one => Holds(one, packet, made.Arrival));
                ReachRegion same = reach.At(packet.Source, packet.Destination, packet.SourcePort, packet.Port);
                Assert.Equal((same.Verdict, same.By, same.To), (region.Verdict, region.By, region.To));
            }

            asked++;
        }
    }

    [Fact]
    public void Only_what_was_asked_about_is_told()
    {
        int told = 0;
        for (int seed = 1; seed < 60; seed++)
        {
            RandomRules made = new(seed);
            bool isV4 = made.Arrival.Version == IpVersion.V4;
            ReachQuestion question = new()
            {
                Destinations = [new IpBlock(IpAddress.Parse(isV4 ? "10.0.0.1" : "fd00::1"), isV4 ? 32 : 128)],
                Ports = [(80, 81)],
                Sources = [new IpBlock(IpAddress.Parse(isV4 ? "10.0.0.0" : "fd00::"), 8)],
                Except = [new IpBlock(IpAddress.Parse(isV4 ? "10.0.0.128" : "fd00::8000:0:0:0"), isV4 ? 25 : 65)],
            };
            Reach reach = Reach.Of(made.Ruleset, made.Arrival);
            ReachRegion[] regions = [.. reach.Regions(question).Take(1000)];
            told += regions.Length;
            Assert.All(regions, one =>
            {
                Assert.Equal(question.Destinations.Value[0].Prefix, one.Destinations.First);
                Assert.Equal(one.Destinations.First, one.Destinations.Last);
                Assert.True(!made.Arrival.HasPorts || one.Ports is { First: >= 80, Last: <= 81 });
                Assert.True(one.Sources.First.IsIn(question.Sources.Value[0].Prefix, 8) && one.Sources.Last.IsIn(question.Sources.Value[0].Prefix, 8));
                Assert.False(one.Sources.First.IsIn(question.Except[0].Prefix, question.Except[0].Length) || one.Sources.Last.IsIn(question.Except[0].Prefix, question.Except[0].Length));
            });
        }

        Assert.NotEqual(0, told);
    }

    private static bool Holds(ReachRegion region, Packet packet, Arrival arrival)
    {
        bool isIn = In(region.Sources, packet.Source) && In(region.Destinations, packet.Destination);
        return arrival.IsIcmp ? isIn && Between(region.IcmpTypes, packet.SourcePort) && Between(region.IcmpCodes, packet.Port)
            : isIn && (!arrival.HasPorts || (Between(region.Ports, packet.Port) && Between(region.SourcePorts, packet.SourcePort)));
    }

    private static bool Between((int First, int Last) range, int value) => value >= range.First && value <= range.Last;

    private static bool In(AddressBox box, IpAddress address) =>
        address.High >= box.FirstHigh && address.High <= box.LastHigh && address.Low >= box.FirstLow && address.Low <= box.LastLow;
}
