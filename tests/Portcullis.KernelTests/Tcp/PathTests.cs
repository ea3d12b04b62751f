using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Portcullis.KernelTests.Tcp;

/// <summary>The way that is shown is the way that is set up.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData(7, "open")]
    [InlineData(9, "closed")]
    public async Task Both_ways_are_shown_and_after_a_cut_the_one_around_it(int port, string state)
    {
        using RoutedNetwork network = await RoutedNetwork.Create();
        using EchoServer echo = new(network["B"], 7);
        JsonElement before = await Trace(network, port);
        Assert.Equal(state, before.GetProperty("state").GetString());
        Assert.Equal(["10.94.1.2", "10.94.12.2 10.94.13.2", "10.94.24.2 10.94.34.2", "10.94.45.2", "10.94.5.2"], Hops(before));
        Assert.Equal(
            ["10.94.1.2 10.94.12.2 10.94.24.2 10.94.45.2 10.94.5.2", "10.94.1.2 10.94.13.2 10.94.34.2 10.94.45.2 10.94.5.2"],
            before.GetProperty("paths").EnumerateArray().Select(static path => Text(path)).Order());
        Assert.True(before.GetProperty("path").EnumerateArray().Last().GetProperty("isTarget").GetBoolean());

        await network.Cut();
        JsonElement after = await Trace(network, port);
        Assert.Equal(["10.94.1.2", "10.94.13.2", "10.94.34.2", "10.94.45.2", "10.94.5.2"], Hops(after));
    }

    private static async Task<JsonElement> Trace(RoutedNetwork network, int port) => JsonDocument.Parse(
        (await network["A"].Portcullis("trace", System.FormattableString.Invariant($"10.94.5.2:{port}"), "--i-own-this", "--path", "--json")).MustSucceed()).RootElement;

    private static IEnumerable<string> Hops(JsonElement trace) => trace.GetProperty("path").EnumerateArray().Select(static hop => Text(hop));

    private static string Text(JsonElement one) => string.Join(' ', one.GetProperty("addresses").EnumerateArray().Select(static address => address.GetString()));
}
