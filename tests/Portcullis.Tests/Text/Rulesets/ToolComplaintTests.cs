using System;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Text.Rulesets;
using Xunit;

namespace Portcullis.Tests.Text.Rulesets;

/// <summary>What nft 1.0.6 and iptables 1.8.9 say.</summary>
public sealed class ToolComplaintTests
{
    [Theory]
    [InlineData("/dev/stdin:4:25-25: Error: syntax error, unexpected newline\n    tcp dport 22 acccept\n            ^\n", "r.nft:4:25: syntax error, unexpected newline")]
    [InlineData("In file included from /dev/stdin:2:1-20:\n./inc-1/a.nft:4:31-31: Error: syntax error, unexpected newline\n", "./inc-1/a.nft:4:31: syntax error, unexpected newline")]
    [InlineData("/dev/stdin:5:9-13: Error: Interface does not exist\n", "r.nft:5:9: Interface does not exist (this machine's are taken; iifname and oifname need none)")]
    [InlineData("internal:0:0-0: Error: Unknown family 'inetx'.\n\ninternal:0:0-0: Error: Parsing command array at index 1 failed.\n", "r.nft: Unknown family 'inetx'")]
    [InlineData("netlink: Error: cache initialization failed: Operation not permitted\n", "netlink: cache initialization failed: Operation not permitted")]
    [InlineData("Killed\n", "r.nft: Killed")]
    [InlineData("", "r.nft: is refused without a reason")]
    public void Nft_is_quoted_with_the_place(string said, string line) => Assert.Equal(line, ToolComplaint.Of(ScriptFormat.Nft, said, "r.nft"));

    [Theory]
    [InlineData("iptables-nft-restore v1.8.9 (nf_tables): Couldn't load match `foo':No such file or directory\n\nError occurred at line: 7\nTry `iptables-nft-restore -h' or 'iptables-nft-restore --help' for more information.\n", "r:7: Couldn't load match `foo':No such file or directory")]
    [InlineData("Warning: Extension CLUSTERIP revision 0 not supported, missing kernel module?\niptables-nft-restore v1.8.9 (nf_tables): \nline 3: RULE_APPEND failed (No such file or directory): rule in chain INPUT\n", "r:3: RULE_APPEND failed (No such file or directory): rule in chain INPUT")]
    [InlineData("iptables-nft-restore: COMMIT expected at line 7\n", "r:7: COMMIT expected at line 7")]
    [InlineData("iptables-nft-restore v1.8.9 (nf_tables): unknown option \"--dport\"\nError occurred at line: 4\n", "r:4: unknown option \"--dport\"")]
    public void Iptables_is_quoted_with_the_line(string said, string line) => Assert.Equal(line, ToolComplaint.Of(ScriptFormat.Iptables, said, "r"));

    [Fact]
    public void Whatever_they_say_becomes_one_line()
    {
        TextFuzz.Run("iptables-nft-restore v1.8.9 (nf_tables): \nline 3: RULE_APPEND failed (x): rule in chain INPUT\n/dev/stdin:4:25-25: Error: syntax error\n", said =>
        {
            foreach (ScriptFormat format in Enum.GetValues<ScriptFormat>())
            {
                string line = ToolComplaint.Of(format, said, "r");
                Assert.False(string.IsNullOrWhiteSpace(line));
                Assert.DoesNotContain('\n', line);
            }
        });
    }
}
