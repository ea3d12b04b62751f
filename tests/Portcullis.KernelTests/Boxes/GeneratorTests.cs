using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>
/// The rules that ufw, firewalld, Docker and fail2ban really write, on a real server: what "reach" says of the ports that listen there,
/// against what a client's connections do that come from several addresses over both versions of IP.
/// </summary>
public sealed class GeneratorTests(GeneratedBoxes boxes) : IClassFixture<GeneratedBoxes>
{
    public static TheoryData<Suite, string> States
    {
        get
        {
            TheoryData<Suite, string> rows = [];
            foreach (string state in GeneratedBoxes.States)
            {
                rows.Add(Suite.Bookworm, state);
                rows.Add(Suite.Trixie, state);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Reach_says_what_connections_do(Suite suite, string state)
    {
        GeneratedState seen = await boxes.Seen(suite, state);

        string[] wrong = [.. seen.Connections.Where(one => !Agrees(seen.Verdicts(one.Source, one.Port), one.IsOpen)).Select(one => $"{one}: {string.Join(", ", seen.Verdicts(one.Source, one.Port))}")];
        Assert.True(wrong.Length == 0, $"in the state '{state}':\n{string.Join('\n', wrong)}");

        // Or it would prove nothing.
        Assert.InRange(seen.Connections.Count(one => one.IsOpen), 3, 1000);
        Assert.InRange(seen.Connections.Count(one => !one.IsOpen), state == "bare" ? 0 : 3, 1000);
    }

    [Theory]
    [InlineData("bare", "", "21 22 80 7001 8002 8080", "Docker")]
    [InlineData("ufw", "23 7001", "22 80 8080", "ufw Docker")] // 8080 is published, and ufw denies it
    [InlineData("ufw and fail2ban", "23 7001", "80 8080", "ufw fail2ban Docker")]
    [InlineData("firewalld", "23 7001", "22 8080", "firewalld Docker")]
    public async Task Rules_do_what_they_were_written_for(string state, string closed, string open, string writers)
    {
        foreach (Suite suite in (Suite[])[Suite.Bookworm, Suite.Trixie])
        {
            GeneratedState seen = await boxes.Seen(suite, state);
            HashSet<int> got = [.. seen.Connections.Where(one => one is { Source: GeneratedBoxes.Stranger, IsOpen: true }).Select(one => one.Port)];

            Assert.Equal(Ports(open), Ports($"{open} {closed}").Where(got.Contains));
            Assert.Equal(writers.Split(' '), seen.Writers);
        }
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Rules_of_ufw_for_single_sources_and_its_denials_count(Suite suite)
    {
        GeneratedState seen = await boxes.Seen(suite, "ufw");

        Assert.Equal([GeneratedBoxes.Admin], Open(seen, 8002)); // ufw allow from …
        Assert.Equal([GeneratedBoxes.Stranger, GeneratedBoxes.Admin, GeneratedBoxes.Stranger6, GeneratedBoxes.Admin6], Open(seen, 22)); // ufw limit
        Assert.Equal([GeneratedBoxes.Stranger, GeneratedBoxes.Admin], Open(seen, 80)); // ufw deny from fd77::/64 before ufw allow
        Assert.Equal(["conditional"], seen.Verdicts(GeneratedBoxes.Stranger, 22));
        Assert.Contains(seen.Findings, finding => finding is "PC6001 host/tcp/8080" || finding.StartsWith("PC6001 tcp/any/ipv4/8080/", System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Rich_rules_of_firewalld_and_bans_of_fail2ban_count(Suite suite)
    {
        GeneratedState zones = await boxes.Seen(suite, "firewalld");
        Assert.Equal([GeneratedBoxes.Admin], Open(zones, 8002)); // a rich rule that accepts
        Assert.Equal([GeneratedBoxes.Stranger, GeneratedBoxes.Stranger6, GeneratedBoxes.Admin6], Open(zones, 80)); // one that rejects

        GeneratedState banned = await boxes.Seen(suite, "ufw and fail2ban");
        Assert.DoesNotContain(GeneratedBoxes.Stranger, Open(banned, 22));
        Assert.Contains(GeneratedBoxes.Admin, Open(banned, 22));
        Assert.Equal(["blocked"], banned.Verdicts(GeneratedBoxes.Stranger, 22));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Policies_of_firewalld_come_before_its_zones(Suite suite)
    {
        GeneratedState seen = await boxes.Seen(suite, "firewalld with a policy");

        Assert.Equal([GeneratedBoxes.Stranger, GeneratedBoxes.Stranger6, GeneratedBoxes.Admin6], Open(seen, 22));
        Assert.Equal([GeneratedBoxes.Admin], Open(seen, 7001));
        Assert.Equal(["blocked"], seen.Verdicts(GeneratedBoxes.Admin, 22));
        Assert.Equal(["reachable"], seen.Verdicts(GeneratedBoxes.Admin, 7001));
    }

    private static bool Agrees(IReadOnlyList<string> verdicts, bool isOpen) => verdicts is ["conditional"] || (isOpen ? verdicts is ["reachable"] : verdicts is ["blocked"]);

    private static string[] Open(GeneratedState seen, int port) => [.. seen.Connections.Where(one => one.Port == port && one.IsOpen).Select(one => one.Source)];

    private static IEnumerable<int> Ports(string list) => list.Split(' ', System.StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
}
