using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;

namespace Portcullis.KernelTests.Proving;

/// <summary>Claims of the firewall's rules, proved by packets through the real kernel.</summary>
public sealed class ProveTests
{
    private static readonly string[] s_asClaimed =
    [
        "5432 10.77.0.1 reachable open proved", "5432 fd77::1 blocked filtered proved",
        "6379 10.77.0.1 blocked filtered proved", "6379 fd77::1 blocked filtered proved",
        "8080 10.77.0.1 reachable open proved", "8080 fd77::1 reachable open proved",
        "9999 10.77.0.1 blocked closed proved", "9999 fd77::1 blocked closed proved",
    ];

    [Fact]
    public async Task What_the_rules_say_is_what_packets_find()
    {
        using ProvedHost proved = await ProvedHost.Create();
        ProvedAudit audit = await proved.Audit();

        Assert.Equal(s_asClaimed, audit.Proofs);
        Assert.Equal(["10.77.0.1 10.77.0.2 10.77.0.1 eth0", "fd77::1 fd77::2 fd77::1 eth0"], audit.Views);
        Assert.Empty(audit.Findings);
        Assert.DoesNotContain(audit.Gaps, static gap => gap.Contains("netns:", StringComparison.Ordinal)); // of other tests' namespaces something may be missing
    }

    [Theory]
    [Scene("PC7001", "6379", "PC7001 high tcp/any/dual/6379/")]
    [Scene("PC7002", "31337", "PC7002 high host/tcp/31337")]
    public async Task Port_that_answers_past_the_rules_is_told_whether_anybody_listens_there_or_not(string id, string port, string told)
    {
        using ProvedHost proved = await ProvedHost.Create();
        ProvedAudit raised;
        using (new SocketlessPort(proved.Host, int.Parse(port, CultureInfo.InvariantCulture)))
        {
            raised = await proved.Audit("--at", ProvedHost.Address4);
        }

        ProvedAudit near = await proved.Audit("--at", ProvedHost.Address4);

        Assert.StartsWith(told, Assert.Single(raised.Findings), StringComparison.Ordinal);
        Assert.Equal(1, raised.Result.ExitCode);
        ScenesAreProvedAttribute.Prove(id, raised.Findings.Select(static finding => finding[..6]), near.Findings.Select(static finding => finding[..6]));
    }

    [Fact]
    public async Task What_ends_packets_beside_the_rules_is_told()
    {
        using ProvedHost proved = await ProvedHost.Create();
        (await proved.Host.Run("ip", "xfrm", "policy", "add", "src", "10.77.0.2/32", "dst", "10.77.0.1/32", "proto", "tcp", "dport", "8080", "dir", "in", "action", "block")).MustSucceed();
        ProvedAudit audit = await proved.Audit();

        Assert.Contains("8080 10.77.0.1 reachable filtered contradicted", audit.Proofs);
        Assert.Contains("8080 fd77::1 reachable open proved", audit.Proofs);
        Assert.StartsWith("PC7001 high tcp/any/dual/8080/", Assert.Single(audit.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_something_in_front_stops_is_no_fault_of_the_rules()
    {
        using ProvedHost proved = await ProvedHost.Create("tcp dport 8080 drop");
        ProvedAudit audit = await proved.Audit();

        Assert.Equal(["8080 10.77.0.1 reachable filtered stopped-before", "8080 fd77::1 reachable filtered stopped-before"], audit.Proofs.Where(static proof => proof.StartsWith("8080", StringComparison.Ordinal)));
        Assert.Empty(audit.Findings);
    }

    [Fact]
    public async Task Address_of_another_host_is_not_scanned_in_place_of_ours()
    {
        using ProvedHost proved = await ProvedHost.Create();
        (await proved.Peer.Run("ip", "addr", "add", "10.77.9.9/32", "dev", "lo")).MustSucceed();
        ProvedAudit audit = await proved.Audit("--at", "10.77.9.9");

        Assert.Empty(audit.Views);
        Assert.Contains(audit.Gaps, static gap => gap.Contains("another host's", StringComparison.Ordinal));
        Assert.Contains(audit.Result.ExitCode, (int[])[1, 3]);
    }

    [Theory]
    [InlineData("there is no network namespace", "--prove", "--from", "netns:pct-nowhere")]
    [InlineData("no name of a network namespace", "--prove", "--from", "netns:../x")]
    [InlineData("nowhere that ssh could connect to", "--prove", "--from", "-oProxyCommand=x")]
    [InlineData("--at goes with --from", "--prove", "--at", "10.0.0.1")]
    [InlineData("go with --prove", "--from", "web2")]
    [InlineData("is no address", "--prove", "--from", "web2", "--at", "web1")]
    [InlineData("needs the running machine", "--prove", "--from", "web2", "--snapshot", "x.json")]
    public async Task Wrong_arguments_get_one_line(string line, params string[] arguments)
    {
        CommandResult result = await Command.Run("dotnet", [Path.Combine(LabFiles.Program, "portcullis.dll"), "audit", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(line, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Another_machine_asks_over_ssh()
    {
        await using Box box = await Box.Boot(Suite.Bookworm);
        using TemporaryKey key = await TemporaryKey.Make(box);
        using ProvedHost proved = await ProvedHost.Create(); // for its listeners
        proved.Listen(box.Client, 8080, 6379);
        await box.Client.Load(
            """
            table inet filter {
              chain input {
                type filter hook input priority 0; policy drop;
                ct state established,related accept
                meta l4proto { icmp, ipv6-icmp } accept
                tcp dport 8080 accept
              }
            }

            """);

        CommandResult nobody = await key.Audit(box, "--peer-program", "portcullis");
        ProvedAudit audit = ProvedAudit.Parse(await key.Audit(box, "--peer-program", Box.Portcullis));

        Assert.Equal(2, nobody.ExitCode);
        Assert.Contains("has no 'portcullis'", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(["6379 10.77.0.1 blocked filtered proved", "8080 10.77.0.1 reachable open proved"], audit.Proofs);
        Assert.StartsWith("10.77.0.1 10.77.0.2 10.77.0.1 ", Assert.Single(audit.Views), StringComparison.Ordinal);
        Assert.Empty(audit.Findings);
        Assert.DoesNotContain(audit.Gaps, static gap => gap.Contains("root@", StringComparison.Ordinal));
    }
}
