using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Firewall;

/// <summary>Which sources come by an interface, as far as routes tell.</summary>
public sealed class RoutedSourcesTests
{
    private const uint Main = NetworkRoute.MainTable;

    [Theory]
    [InlineData("192.0.2.1", true)] // by the default route
    [InlineData("172.17.0.9", false)] // only by docker0
    public void Source_comes_by_the_interface_of_its_longest_route(string source, bool comes) =>
        Assert.Equal(comes, Comes(source, ("0.0.0.0", 0, 2, Main), ("172.17.0.0", 16, 3, Main)));

    [Fact]
    public void Source_that_no_route_holds_may_come_by_any_interface() => Assert.True(Comes("192.0.2.1", ("10.0.0.0", 8, 3, Main)));

    [Fact]
    public void Host_without_routes_may_get_anything_by_any_interface() => Assert.True(Comes("192.0.2.1"));

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Each_table_may_speak_for_the_interface(int second, bool comes) =>
        Assert.Equal(comes, Comes("192.0.2.1", ("0.0.0.0", 0, 3, Main), ("0.0.0.0", 0, second, 100)));

    [Theory]
    [InlineData("192.0.2.1", true)] // no other table holds it, so that 100's default is not the only one that may be asked
    [InlineData("10.1.0.1", false)]
    public void Tables_are_not_mixed(string source, bool comes) =>
        Assert.Equal(comes, Comes(source, ("10.0.0.0", 8, 3, Main), ("10.1.0.0", 16, 3, 100), ("192.0.0.0", 8, 2, 100)));

    [Fact]
    public void Ways_of_equal_length_are_all_taken() => Assert.True(Comes("192.0.2.1", ("0.0.0.0", 0, 3, Main), ("0.0.0.0", 0, 2, Main)));

    private static bool Comes(string source, params (string Prefix, int Length, int Interface, uint Table)[] routes)
    {
        Arrival arrival = Cases.ArrivalOf(Cases.Web) with { Routes = [.. routes.Select(one => new NetworkRoute(IpAddress.Parse(one.Prefix), one.Length, one.Interface, one.Table))] };
        ReachQuestion question = new() { IsRouted = true, Sources = [new IpBlock(IpAddress.Parse(source), 32)] };
        ImmutableArray<ReachRegion> regions = [.. Reach.Of(Rules(Cases.Input()), arrival).Regions(question)];
        return !regions.IsEmpty;
    }
}
