using System;
using System.Linq;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Policies;
using Portcullis.Core.Policy;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Policy;

public sealed class PolicyEditTests
{
    private static readonly Allowance Exception = new() { Name = "key k", Key = "tcp/any/ipv4/8080/app.service", From = ["internet"], Reason = "our \"own\": API # 1", Owner = "web", Expires = new DateOnly(2027, 3, 31) };

    private const string Item = "- key: \"tcp/any/ipv4/8080/app.service\"\n#  reason: \"our \\\"own\\\": API # 1\"\n#  owner: \"web\"\n#  expires: 2027-03-31\n";

    [Theory]
    [InlineData("", "allow:\n@")]
    [InlineData("roles: [web-server] # why\n", "roles: [web-server] # why\n\nallow:\n@")]
    [InlineData("roles: []", "roles: []\n\nallow:\n@")]
    [InlineData("roles: []\nallow:\n  - port: 22/tcp\n    reason: x\n", "roles: []\nallow:\n  - port: 22/tcp\n    reason: x\n@")]
    [InlineData("allow: # exceptions\n  # the first\n  - port: 22/tcp\n    reason: x # why\n\n# what follows\nroles: []\n", "allow: # exceptions\n  # the first\n  - port: 22/tcp\n    reason: x # why\n@\n# what follows\nroles: []\n")]
    [InlineData("allow:\n  - port: 22/tcp\n    reason: x", "allow:\n  - port: 22/tcp\n    reason: x\n@")]
    [InlineData("allow:\n  - port: 22/tcp\n\n    # in between\n    reason: |\n      two\n      lines\nroles: []\n", "allow:\n  - port: 22/tcp\n\n    # in between\n    reason: |\n      two\n      lines\n@roles: []\n")]
    public void Exception_is_added_and_nothing_else_changes(string before, string after)
    {
        string changed = Add(before);

        Assert.Equal(after.Replace("@", "  " + Item.Replace("#  ", "    ", StringComparison.Ordinal), StringComparison.Ordinal), changed);
        Allowance read = Facts.Policy(changed).Allow[^1];
        Assert.Equal((Exception.Key, Exception.Reason, Exception.Owner, Exception.Expires), (read.Key, read.Reason, read.Owner, read.Expires));
    }

    [Fact]
    public void List_that_is_not_indented_stays_so()
    {
        string changed = Add("allow:\n- port: 22/tcp\n  reason: x\nroles: []\n");

        Assert.Contains("  reason: x\n- key: ", changed, StringComparison.Ordinal);
        Assert.Equal(2, Facts.Policy(changed).Allow.Length);
    }

    [Fact]
    public void Windows_line_ends_stay()
    {
        string changed = Add("roles: []\r\nallow:\r\n  - port: 22/tcp\r\n    reason: x\r\n");

        Assert.DoesNotContain("\n", changed.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, Facts.Policy(changed).Allow.Length);
    }

    [Theory]
    [InlineData("allow: []\nroles: []\n")]
    [InlineData("allow: [{port: 22/tcp, reason: x}]\n")]
    public void List_in_brackets_is_left_alone(string before) =>
        Assert.Contains(":1: allow: is not a list of lines", Assert.Throws<InputException>(() => Add(before)).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_comes_back_as_it_was_written()
    {
        Random random = new(7);
        for (int round = 0; round < 500; round++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)(random.Next(4) == 0 ? random.Next(0x20, 0xD7FF) : random.Next(0x20, 0x7F)))]);
            string yaml = "roles: []\nallow:\n  - key: k\n    reason: " + PolicyEdit.Quote(text) + "\n";

            Assert.Equal(text, Facts.Policy(yaml).Allow[0].Reason);
        }
    }

    private static string Add(string before) =>
        PolicyEdit.Add(before, before.Length == 0 ? null : (YamlNode.Mapping)YamlFile.Read(Encoding.UTF8.GetBytes(before), "p"), Exception, "p");
}
