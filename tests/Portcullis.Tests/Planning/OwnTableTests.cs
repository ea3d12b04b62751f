using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Planning;
using Portcullis.Core.Policy;
using Portcullis.Tests.Analysis;
using Portcullis.Tests.Cli;
using Xunit;

namespace Portcullis.Tests.Planning;

/// <summary>The text of Portcullis's own table; what it does with packets is tried by the kernel.</summary>
public sealed class OwnTableTests
{
    [Fact]
    public void Table_reads_as_agreed()
    {
        HostPolicy policy = Facts.Policy(
            """
            zones: { admin: [10.0.5.0/24, "fd00:5::/64"], büro (ost): [192.0.2.0/28] }
            roles: [web-server, ssh-admin, router]
            allow:
              - port: 8080-8090/tcp
                from: büro (ost)
                reason: x
              - port: 8085-8099/tcp
                from: büro (ost)
                reason: y
              - port: 5353/udp
                from: link
                reason: z
            """);
        ImmutableArray<Opening> openings = [.. Openings.Of(policy, null, [], DateTimeOffset.UnixEpoch), new Opening("ospf", [ServicePort.Parse("89/raw")!], ["link"])];
        Golden.Matches("table.nft", OwnTable.Script(openings, policy));
    }

    [Fact]
    public void Nothing_of_a_name_is_taken_for_language()
    {
        string script = OwnTable.Script([new Opening("a\" drop; } \\ $x \u001b\n", [ServicePort.Parse("1/tcp")!], ["internet"])], Facts.Policy("roles: []"));
        Assert.Contains("comment \"a_ drop; } _ _x __\"", script, StringComparison.Ordinal);
        Assert.Contains("...\"\n", OwnTable.Script([new Opening(new string('x', 500), [ServicePort.Parse("1/tcp")!], ["internet"])], Facts.Policy("roles: []")), StringComparison.Ordinal);
    }

    [Fact]
    public void Zones_of_like_names_keep_sets_of_their_own()
    {
        HostPolicy policy = new() { Source = "x", Roles = [], Zones = [.. new[] { "a-b", "a.b", "a_b" }.Select(static (name, at) => new Zone(name, [AddressBlock.Parse($"192.0.2.{at}", out _)!]))] };
        string script = OwnTable.Script([new Opening("x", [ServicePort.Parse("1/tcp")!], ["a-b", "a.b", "a_b"])], policy);
        foreach ((string set, string address) in new[] { ("zone_a_b_v4", "192.0.2.0/32"), ("zone_a_b_v4_2", "192.0.2.1/32"), ("zone_a_b_v4_3", "192.0.2.2/32") })
        {
            Assert.Contains($"set {set} {{\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\tauto-merge\n\t\telements = {{ {address} }}", script, StringComparison.Ordinal);
            Assert.Contains($"ip saddr @{set} tcp dport {{ 1 }}", script, StringComparison.Ordinal);
        }
    }
}
