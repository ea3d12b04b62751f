using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Portcullis.KernelTests.Boxes;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>A container's published port and rules that deny it, as the whole program sees them.</summary>
public sealed class PassedOnPortTests
{
    [Theory]
    [Scene("PC6001", "tcp dport 8888 drop", "tcp dport 8888 accept")]
    public async Task Denied_port_that_is_passed_on_all_the_same_is_told_first_and_an_allowed_one_is_not(string id, string denied, string allowed)
    {
        using Network network = await Network.Create();
        foreach (string line in (string[])["link add pub0 type bridge", "addr add 203.0.113.7/24 dev pub0", "link set pub0 up", "route add default via 203.0.113.1", "link add docker0 type bridge", "addr add 172.17.0.1/16 dev docker0", "link set docker0 up"])
        {
            (await network.Run("ip", line.Split(' '))).MustSucceed();
        }

        (await network.Run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")).MustSucceed();
        ReportedFinding[] raised = await Audit(network, denied, denied);
        ReportedFinding[] near = await Audit(network, denied, allowed);

        ScenesAreProvedAttribute.Prove(id, raised.Select(finding => finding.Id), near.Select(finding => finding.Id));
        ReportedFinding finding = raised[0];
        Assert.Equal(("PC6001", "high", "host/tcp/8888"), (finding.Id, finding.Severity, finding.Subject));
        Assert.Equal("The firewall's rules deny 8888/tcp, and everybody reaches it: it is passed on to 172.17.0.2:80 before they are asked", finding.Title);
        Assert.Contains(finding.Evidence, fact => fact.Contains("ip filter INPUT handle", StringComparison.Ordinal) && fact.Contains("denied by its owner", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reach_tells_both_the_way_past_and_the_rule_for_the_other_version()
    {
        using Network network = await Network.Create();
        foreach (string line in (string[])["link add pub0 type bridge", "addr add 203.0.113.7/24 dev pub0", "link set pub0 up", "route add default via 203.0.113.1"])
        {
            (await network.Run("ip", line.Split(' '))).MustSucceed();
        }

        (await network.Run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")).MustSucceed();
        (await network.Run("nft", "-f", Published())).MustSucceed();
        CommandResult reach = await network.Portcullis("reach", "--json", "8888/tcp", "--from", "198.51.100.9");

        Assert.Equal(0, reach.ExitCode);
        Assert.Contains("\"to\": \"172.17.0.2:80\"", reach.Output, StringComparison.Ordinal);
        Assert.Contains("\"verdict\": \"reachable\"", reach.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"verdict\": \"blocked\"", reach.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Walk_tells_each_chain_that_the_packet_meets()
    {
        using Network network = await Network.Create();
        foreach (string line in (string[])["link add pub0 type bridge", "addr add 203.0.113.7/24 dev pub0", "link set pub0 up", "route add default via 203.0.113.1"])
        {
            (await network.Run("ip", line.Split(' '))).MustSucceed();
        }

        (await network.Run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")).MustSucceed();
        (await network.Run("nft", "-f", Published())).MustSucceed();
        CommandResult walk = await network.Portcullis("reach", "8888/tcp", "--explain", "--from", "198.51.100.9");

        Assert.Equal(0, walk.ExitCode);
        string[] steps = [.. walk.Output.Split('\n').SkipWhile(line => !line.StartsWith("HOOK", StringComparison.Ordinal)).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Contains("A first packet from 198.51.100.9:50000 to 203.0.113.7:8888/tcp by pub0 is reachable:", walk.Output, StringComparison.Ordinal);
        Assert.Contains("fib daddr type local tcp dport 8888 dnat to 172.17.0.2:80", steps[1], StringComparison.Ordinal);
        Assert.StartsWith("prerouting the kernel goes on to 172.17.0.2", steps[2], StringComparison.Ordinal);
        Assert.StartsWith("forward ip filter FORWARD handle", steps[3], StringComparison.Ordinal);
        Assert.StartsWith("It is let in by ip filter FORWARD handle", steps[4], StringComparison.Ordinal);
        Assert.Equal(2, (await network.Portcullis("reach", "--explain")).ExitCode);
    }

    private static async Task<ReportedFinding[]> Audit(Network network, string from, string to)
    {
        await network.Load("flush ruleset\n" + (await File.ReadAllTextAsync(Published(), TestContext.Current.CancellationToken)).Replace(from, to, StringComparison.Ordinal));

        // Other tests' namespaces are seen as well, and told of by their names.
        return [.. ReportedAudit.Parse(await network.Portcullis("audit", "--json")).Findings.Where(finding => !finding.Subject.Split('/')[0].Contains(':', StringComparison.Ordinal))];
    }

    private static string Published([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Portcullis.Tests", "Wire", "Nft", "fixtures", "published.nft"));
}
