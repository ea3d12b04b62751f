using System;
using Portcullis.Core.Text;
using Xunit;

namespace Portcullis.Tests.Text;

public sealed class RuleFilesTests
{
    [Theory]
    [InlineData("ENABLED=yes\nLOGLEVEL=low\n", true)]
    [InlineData("  ENABLED=\"yes\" # on\n", true)]
    [InlineData("ENABLED=YES", true)]
    [InlineData("ENABLED=no\nENABLED=yes\n", true)]
    [InlineData("ENABLED=yes\nENABLED=no\n", false)]
    [InlineData("#ENABLED=yes\n", false)]
    [InlineData("ENABLED=Yes\n", false)] // the shell that reads it compares with two spellings
    [InlineData("LOGLEVEL=low\n", false)]
    [InlineData("", false)]
    public void Ufw_is_on_where_its_file_says_yes(string text, bool isOn) => Assert.Equal(isOn, RuleFiles.IsUfwOn(text));

    [Theory]
    [InlineData("#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n}\n", true)]
    [InlineData("flush   ruleset;table ip t { }", true)]
    [InlineData("flush ruleset", true)]
    [InlineData("# flush ruleset\ntable inet filter { }\n", false)]
    [InlineData("flush ruleset ip\n", false)] // of one family
    [InlineData("flush table inet filter\n", false)]
    [InlineData("table inet filter { comment \"flush ruleset\"\n }", false)]
    [InlineData("", false)]
    public void Script_that_removes_everybodys_rules_is_told(string script, bool flushes) => Assert.Equal(flushes, RuleFiles.FlushesRuleset(script));

    [Theory]
    [InlineData("table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter;\n\t}\n}\n", false)] // Debian's, as it is delivered
    [InlineData("table inet filter { chain input { type filter hook input priority 0; policy accept; } }", false)]
    [InlineData("table inet filter { chain input { type filter hook input priority 0; policy drop; } }", true)]
    [InlineData("table ip t { chain c { tcp dport 23 reject } }", true)]
    [InlineData("include \"/etc/nftables.d/*.nft\"", true)]
    [InlineData("# drop\n", false)]
    public void Script_can_keep_something_out_only_by_a_word_that_does(string script, bool hasRules) => Assert.Equal(hasRules, RuleFiles.HasNftRules(script));

    [Theory]
    [InlineData("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", false)]
    [InlineData("*filter\n:INPUT DROP [0:0]\nCOMMIT\n", true)]
    [InlineData("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n", true)]
    [InlineData("*filter\n[12:34] -A INPUT -j DROP\nCOMMIT\n", true)]
    [InlineData("# -A INPUT -j DROP\n", false)]
    public void Saved_tables_have_rules_or_only_chains(string text, bool hasRules) => Assert.Equal(hasRules, RuleFiles.HasSavedRules(text));

    [Theory]
    [InlineData("/usr/sbin/nft -f /etc/my.nft", true)]
    [InlineData("pre-up iptables-restore < /etc/rules", true)]
    [InlineData("#!/bin/sh\nip6tables -A INPUT -j DROP\n", true)]
    [InlineData("# iptables -A INPUT\n", false)]
    [InlineData("/usr/bin/liftoff --nftp", false)]
    [InlineData("exit 0\n", false)]
    public void Script_that_calls_nft_or_iptables_loads_rules(string text, bool loads) => Assert.Equal(loads, RuleFiles.LoadsRules(text));

    [Fact]
    public void Any_text_has_an_answer()
    {
        const string Valid = "flush ruleset\ntable inet f { chain input { comment \"a # b\"\n tcp dport 22 accept # x\n } }\nENABLED=\"yes\"\n:INPUT DROP [0:0]\n-A INPUT -j f2b nft";
        Random random = new(20261121);
        for (int round = 0; round < 3000; round++)
        {
            char[] text = Valid[..random.Next(Valid.Length + 1)].ToCharArray();
            for (int change = random.Next(8); change > 0 && text.Length > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : char.MaxValue + 1);
            }

            string hostile = new(text);
            _ = RuleFiles.IsUfwOn(hostile) | RuleFiles.FlushesRuleset(hostile) | RuleFiles.HasNftRules(hostile) | RuleFiles.HasSavedRules(hostile) | RuleFiles.LoadsRules(hostile);
        }
    }
}
