using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Tcp;

/// <summary>The way that is shown is the way that is set up.</summary>
public sealed class PathTests
{
    // All eight flows go one of two equal ways once in 128 times: then a second look is fair.
    private const int Looks = 3;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(7, "open")]
    [InlineData(9, "closed")]
    public async Task Both_ways_are_shown_and_after_a_cut_the_one_around_it(int port, string state)
    {
        using RoutedNetwork network = await RoutedNetwork.Create();
        using EchoServer echo = new(network["B"], 7);
        await Check(network, "10.94.5.2", port, state, static (link, host) => string.Create(CultureInfo.InvariantCulture, $"10.94.{link}.{host}"));
    }

    [Theory]
    [InlineData(7, "open")]
    [InlineData(9, "closed")]
    public async Task Both_ways_are_shown_over_IPv6_too(int port, string state)
    {
        using RoutedNetwork network = await RoutedNetwork.Create();
        using EchoServer echo = new(network["B"], 7);
        await Check(network, "[fd94:5::2]", port, state, static (link, host) => string.Create(CultureInfo.InvariantCulture, $"fd94:{link}::{host}"));
    }

    [Fact]
    public async Task Watch_tells_when_a_way_is_cut_and_when_it_is_back_and_nothing_else()
    {
        using RoutedNetwork network = await RoutedNetwork.Create();
        using EchoServer echo = new(network["B"], 7);
        using Process trace = await Watch(network);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken); // two looks at least, and nothing to tell

            await network.Cut();
            List<string> cut = await Until(trace, "hop 3 was");
            Assert.Equal(["hop 2 was 10.94.12.2 or 10.94.13.2, and is 10.94.13.2", "hop 3 was 10.94.24.2 or 10.94.34.2, and is 10.94.34.2"], cut.Select(Change));

            await network.Mend();
            List<string> mended = await Until(trace, "hop 3 was");
            Assert.Equal(["hop 2 was 10.94.13.2, and is 10.94.12.2 or 10.94.13.2", "hop 3 was 10.94.34.2, and is 10.94.24.2 or 10.94.34.2"], mended.Select(Change));

            (await Command.Run("kill", "-INT", trace.Id.ToString(CultureInfo.InvariantCulture))).MustSucceed(); // ip and env have become the program
            await trace.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_limit, TestContext.Current.CancellationToken);
            Assert.Equal((130, ""), (trace.ExitCode, await trace.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)));
        }
        finally
        {
            End(trace);
        }
    }

    /// <summary>A watch that has seen both ways.</summary>
    private static async Task<Process> Watch(RoutedNetwork network)
    {
        for (int look = 0; look < Looks; look++)
        {
            // Where the tests run in the background of a shell, SIGINT is ignored, and what they start inherits that.
            Process trace = Command.Start("ip", ["netns", "exec", network["A"].Name, "env", "--default-signal=INT", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "trace", "10.94.5.2:7", "--i-own-this", "--watch"]);
            bool isReady = false;
            try
            {
                string first = string.Join('\n', await Until(trace, "10.94.5.2:7 is open"));
                isReady = first.Contains("10.94.12.2", StringComparison.Ordinal) && first.Contains("10.94.13.2", StringComparison.Ordinal);
                if (isReady)
                {
                    return trace;
                }
            }
            finally
            {
                if (!isReady)
                {
                    End(trace);
                    trace.Dispose();
                }
            }
        }

        throw new LabException("a look never saw both ways");
    }

    private static void End(Process trace)
    {
        if (!trace.HasExited)
        {
            trace.Kill();
        }
    }

    [Fact]
    public async Task Packets_that_are_lost_before_the_target_are_told_and_make_no_hop()
    {
        using RoutedNetwork network = await RoutedNetwork.Create();
        await network["B"].Load("table inet t { chain in { type filter hook input priority 0; tcp dport 9 tcp flags syn numgen inc mod 3 1 drop; }; }");
        JsonElement trace = JsonDocument.Parse((await network["A"].Portcullis("trace", "10.94.5.2:9", "--i-own-this", "--path", "--json")).MustSucceed()).RootElement;
        JsonElement[] path = [.. trace.GetProperty("path").EnumerateArray()];
        Assert.Equal([false, false, false, false, true], path.Select(static hop => hop.GetProperty("isTarget").GetBoolean()));
        Assert.Equal([false, false, false, false, true], path.Select(static hop => hop.GetProperty("lossGoesOn").GetBoolean()));
        Assert.Equal(8, path[4].GetProperty("sent").GetInt32());
        Assert.InRange(path[4].GetProperty("lossPercent").GetDouble(), 25, 75);
    }

    private static async Task Check(RoutedNetwork network, string target, int port, string state, Func<int, int, string> address)
    {
        JsonElement before = await Trace(network, target, port, ways: 2);
        Assert.Equal(state, before.GetProperty("state").GetString());
        Assert.Equal([address(1, 2), $"{address(12, 2)} {address(13, 2)}", $"{address(24, 2)} {address(34, 2)}", address(45, 2), address(5, 2)], Hops(before));
        Assert.Equal(
            [string.Join(' ', address(1, 2), address(12, 2), address(24, 2), address(45, 2), address(5, 2)), string.Join(' ', address(1, 2), address(13, 2), address(34, 2), address(45, 2), address(5, 2))],
            before.GetProperty("paths").EnumerateArray().Select(static path => Text(path)).Order(StringComparer.Ordinal));
        Assert.True(before.GetProperty("path").EnumerateArray().Last().GetProperty("isTarget").GetBoolean());

        await network.Cut();
        JsonElement after = await Trace(network, target, port, ways: 1);
        Assert.Equal([address(1, 2), address(13, 2), address(34, 2), address(45, 2), address(5, 2)], Hops(after));
    }

    private static async Task<JsonElement> Trace(RoutedNetwork network, string target, int port, int ways)
    {
        JsonElement trace = default;
        for (int look = 0; look < Looks && (look == 0 || trace.GetProperty("paths").GetArrayLength() != ways); look++)
        {
            string output = (await network["A"].Portcullis("trace", FormattableString.Invariant($"{target}:{port}"), "--i-own-this", "--path", "--json")).MustSucceed();
            trace = JsonDocument.Parse(output).RootElement;
        }

        return trace;
    }

    /// <summary>The lines up to the first that has these words.</summary>
    private static async Task<List<string>> Until(Process trace, string words)
    {
        List<string> lines = [];
        while (lines.Count == 0 || !lines[^1].Contains(words, StringComparison.Ordinal))
        {
            string? line = await trace.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(s_limit, TestContext.Current.CancellationToken);
            lines.Add(line ?? throw new LabException($"the program ended: {string.Join('\n', lines)} {await trace.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}"));
        }

        return lines;
    }

    /// <summary>A line without the time before it.</summary>
    private static string Change(string line) => line[(line.IndexOf("  ", StringComparison.Ordinal) + 2)..];

    private static IEnumerable<string> Hops(JsonElement trace) => trace.GetProperty("path").EnumerateArray().Select(static hop => Text(hop));

    private static string Text(JsonElement one) => string.Join(' ', one.GetProperty("addresses").EnumerateArray().Select(static address => address.GetString()));
}
