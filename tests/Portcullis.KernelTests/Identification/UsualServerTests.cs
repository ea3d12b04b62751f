using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.KernelTests.Lab;
using Xunit;
using NetworkNamespace = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Identification;

/// <summary>The daemons of the lab's usual server, on the ports where people expect them. It is one of its own: to ask cockpit is to start it.</summary>
public sealed class UsualServerTests
{
    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Daemons_of_a_real_server_are_told_with_product_and_version(Suite suite)
    {
        await using Box box = await Box.Boot(suite);
        IReadOnlyDictionary<string, DialogueResult> inside = await Asking.Ports(
            NetworkNamespace.Existing($"{box.Name}-srv"), ["127.0.0.1:22/tcp", "127.0.0.1:80/tcp", "127.0.0.1:6379/tcp"]);
        IReadOnlyDictionary<string, DialogueResult> outside = await Asking.Ports(box.Client, [$"{Box.Address4}:9090/tcp", $"[{Box.Address6}]:22/tcp"]);

        // Debian's 10.0p1 calls itself 10.0p2.
        await Is(box, inside["127.0.0.1:22/tcp"], "ssh", "OpenSSH", "openssh-server", suite == Suite.Trixie ? "10.0p2" : null);
        await Is(box, inside["127.0.0.1:80/tcp"], "http", "nginx", "nginx", suite == Suite.Trixie ? "" : null);
        await Is(box, inside["127.0.0.1:6379/tcp"], "redis", "Redis", "redis-server");
        Assert.Equal(AuthenticationDemand.NotAsked, inside["127.0.0.1:6379/tcp"].Service!.Authentication);
        Assert.Equal("ssh", outside[$"[{Box.Address6}]:22/tcp"].Service!.Name);
        IdentifiedService cockpit = outside[$"{Box.Address4}:9090/tcp"].Service!;
        Assert.Equal("http over TLS", cockpit.FullName);
        Assert.Equal("TLS 1.3", cockpit.Tls!.Version);
        Assert.Contains("box", cockpit.Tls.Certificate!.Subject, StringComparison.Ordinal);
    }

    /// <summary>What is said is the version that dpkg knows, without epoch and revision, unless it is known to say another or none ("").</summary>
    private static async Task Is(Box box, DialogueResult result, string name, string product, string package, string? said = null)
    {
        IdentifiedService service = result.Service!;
        string installed = (await box.Run("dpkg-query", "-W", "-f=${Version}", package)).MustSucceed();
        string upstream = installed[(installed.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('-', '+')[0];
        Assert.Equal((name, product, said ?? upstream), (service.Name, service.Product, service.Version ?? ""));
    }
}
