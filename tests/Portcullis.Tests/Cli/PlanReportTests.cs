using System.Text.Json;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>How a plan reads, to people and to programs.</summary>
public sealed class PlanReportTests
{
    private static readonly ReachAnswer s_blocked = new()
    {
        Version = IpVersion.V4,
        Protocol = Protocol.Tcp,
        Ports = [(0, 21), (23, 65_535)],
        From = "any",
        FromInShort = "any",
        To = "host",
        Verdict = ReachVerdict.Blocked,
        By = "inet portcullis input policy drop",
    };

    private static readonly ReachAnswer s_reachable = s_blocked with { Ports = [(22, 22)], From = "10.0.5.0/24", FromInShort = "admin", Verdict = ReachVerdict.Reachable, By = "inet portcullis input handle 9: tcp dport 22 counter accept # ssh" };

    private static readonly Plan s_plan = new()
    {
        Id = "0123456789ab",
        Policy = "portcullis.yaml",
        Steps =
        [
            new PlanStep
            {
                Id = 1, Kind = StepKind.Firewall, Subject = "nftables table inet portcullis", Why = ["PC2001", "PC6002"], Effect = "this host lets in ssh; nothing else",
                Undo = "the table is deleted; there is none now", Risk = StepRisk.Medium, Script = "table inet portcullis {\n\tchain input {\n\t}\n}\n",
            },
        ],
        Difference = new ReachDifference([new ReachChange(ReachVerdict.Reachable, null, "host", s_blocked)], []),
        After = new ReachReport([s_reachable, s_blocked], []),
    };

    [Fact]
    public void Plan_reads_as_agreed() => Golden.Matches("plan.txt", PlanText.Render(s_plan, Plain(100), isVerbose: true));

    [Fact]
    public void Refusal_and_what_was_not_seen_stand_last()
    {
        Plan refused = s_plan with { Refused = "you would be locked out", IsCutOff = true, Gaps = [new Gap("what is passed on to 172.17.0.2:80", "these steps close what comes to this host itself", null)] };
        Golden.Matches("plan-refused.txt", PlanText.Render(refused, Plain(80), isVerbose: false));
    }

    [Theory]
    [InlineData(true, "By portcullis.yaml nothing is left to be done.\n")]
    [InlineData(false, "By portcullis.yaml nothing is left to be done, as far as could be seen.\n")]
    public void Nothing_left_to_be_done_is_said_so(bool isComplete, string expected) => Assert.StartsWith(
        expected, PlanText.Render(s_plan with { Steps = [], Gaps = isComplete ? [] : [new Gap("x", "y", null)] }, Plain(80), isVerbose: false), System.StringComparison.Ordinal);

    [Fact]
    public void Programs_read_the_shape_of_the_contract()
    {
        JsonElement root = JsonDocument.Parse(PlanJson.Write(s_plan)).RootElement;
        Assert.Equal("portcullis/plan/1", root.GetProperty("schema").GetString());
        Assert.True(root.GetProperty("complete").GetBoolean());
        Assert.True(root.GetProperty("applyable").GetBoolean());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("refused").ValueKind);
        JsonElement step = root.GetProperty("steps")[0];
        Assert.Equal(("firewall", "medium", "PC2001"), (step.GetProperty("kind").GetString(), step.GetProperty("risk").GetString(), step.GetProperty("why")[0].GetString()));
        Assert.Equal(2, root.GetProperty("reachAfter").GetArrayLength());
        Assert.Equal("closes", root.GetProperty("changes")[0].GetProperty("kind").GetString());
        Assert.False(JsonDocument.Parse(PlanJson.Write(s_plan with { Refused = "x" })).RootElement.GetProperty("applyable").GetBoolean());
        Assert.False(JsonDocument.Parse(PlanJson.Write(s_plan with { Steps = [] })).RootElement.GetProperty("applyable").GetBoolean());
    }

    private static Terminal Plain(int width) => new(width, Color: false, Unicode: true);
}
