using Portcullis.Core.Text;
using Xunit;

namespace Portcullis.Tests.Text;

public sealed class AccountTests
{
    [Fact]
    public void The_first_account_of_a_number_counts()
    {
        Passwd accounts = Passwd.Parse("root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/x:/bin/sh\nww:x:33:33::/var/www:\nbad:x:-1:0::/:\nshort:x:5\n+::::::\n");

        Assert.Null(accounts.Of(5));
        Assert.Equal(new Account("root", "/root"), accounts.Of(0));
        Assert.Equal(new Account("ww", "/var/www"), accounts.Of(33));
        Assert.Equal("ww", accounts.NameOf(33));
    }

    [Theory]
    [InlineData("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"x\"\n", "Debian GNU/Linux 12 (bookworm)")]
    [InlineData("NAME=Fedora\nVERSION='40 (a \"b\")'\n", "Fedora 40 (a \"b\")")]
    [InlineData("NAME=Alpine\n", "Alpine")]
    [InlineData("PRETTY_NAME=\"a \\\"b\\\" \\$ \\x\"", "a \"b\" $ \\x")]
    [InlineData("PRETTY_NAME=a\\ b", "a b")]
    [InlineData("#PRETTY_NAME=a\nPRETTY_NAME_X=b", null)]
    [InlineData("PRETTY_NAME=", null)]
    [InlineData("", null)]
    public void The_systems_name_is_unquoted_as_in_a_shell(string text, string? name) => Assert.Equal(name, OsRelease.PrettyName(text));

    [Fact]
    public void Hostile_text_never_throws() => TextFuzz.Run("root:x:0:0:root:/root:/bin/sh\nPRETTY_NAME=\"a \\\"b\"\n", static text =>
    {
        Passwd.Parse(text);
        OsRelease.PrettyName(text);
    });
}
