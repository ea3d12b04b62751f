using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Xunit;

namespace Portcullis.Tests.Text;

/// <summary>By which connection a session stands.</summary>
public sealed class SshConnectionTests
{
    [Theory]
    [InlineData("HOME=/root\0SSH_CONNECTION=203.0.113.9 50000 10.0.0.5 22\0X=1\0", "203.0.113.9", 50000, 22)]
    [InlineData("SSH_CONNECTION=::ffff:203.0.113.9 50000 ::ffff:10.0.0.5 2222", "203.0.113.9", 50000, 2222)]
    [InlineData("SSH_CONNECTION=fd00::9 1 fd00::5 22\0", "fd00::9", 1, 22)]
    public void Session_is_found(string environment, string peer, int peerPort, int port) =>
        Assert.Equal(new RemoteSession(IpAddress.Parse(peer), peerPort, port), SshConnection.Of(Encoding.UTF8.GetBytes(environment)));

    [Theory]
    [InlineData("")]
    [InlineData("MY_SSH_CONNECTION=203.0.113.9 50000 10.0.0.5 22\0")]
    [InlineData("SSH_CONNECTION=\0")]
    [InlineData("SSH_CONNECTION=203.0.113.9 50000 10.0.0.5\0")]
    [InlineData("SSH_CONNECTION=203.0.113.9 50000 10.0.0.5 99999\0")]
    [InlineData("SSH_CONNECTION=nobody 50000 10.0.0.5 22\0")]
    public void What_is_none_is_none(string environment) => Assert.Null(SshConnection.Of(Encoding.UTF8.GetBytes(environment)));

    [Fact]
    public void Hostile_environments_never_throw() => TextFuzz.RunBytes("SSH_CONNECTION=203.0.113.9 50000 10.0.0.5 22\0"u8.ToArray(), static bytes => SshConnection.Of(bytes));
}
