using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Portcullis.Core.Edges;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Operations;
using Portcullis.Core.Planning;
using Portcullis.Core.Policy;
using Portcullis.Core.Text.Snapshots;
using Portcullis.KernelTests.Proving;
using Portcullis.Os.Linux;
using Xunit;

namespace Portcullis.KernelTests.Changing;

/// <summary>The generated table does what the policy says: by what reach works out of it for random policies, and by packets.</summary>
public sealed class GeneratedTableTests
{
    private const int Policies = 40;
    private const int Packets = 150;

    [Fact]
    public async Task Random_policies_let_in_what_they_say_and_nothing_else()
    {
        using ProvedHost host = await ProvedHost.Create();
        (await host.Host.Run("ip", "route", "add", "default", "via", "10.77.0.2")).MustSucceed();
        (await host.Host.Run("ip", "-6", "route", "add", "default", "via", "fd77::2")).MustSucceed();
        Assert.True(SnapshotJson.TryRead(Encoding.UTF8.GetBytes((await host.Host.Portcullis("inspect")).Output), out Snapshot? snapshot, out string? error), error);
        int seed = int.Parse(Environment.GetEnvironmentVariable("PORTCULLIS_SEED") ?? "1", CultureInfo.InvariantCulture);
        int let = 0;
        for (int number = 0; number < Policies; number++)
        {
            Random chance = new(seed + number);
            HostPolicy policy = Policy(chance);
            ImmutableArray<Opening> openings = Openings.Of(policy, null, [], snapshot!.TakenAt);
            string script = OwnTable.Script(openings, policy);
            GivenRules loaded = new LinuxMachine().GivenRules.Read([new RulesetScript(ScriptFormat.Nft, script)], "table", "/", RulesInQuestion.InterfacesOf(snapshot));
            Assert.True(loaded.Ruleset is not null, $"seed {seed + number}: {loaded.Refusal}\n{script}");
            RulesInQuestion rules = RulesInQuestion.InForce(snapshot) with { Ruleset = loaded.Ruleset };
            for (int packet = 0; packet < Packets; packet++)
            {
                (IpAddress source, Protocol protocol, int port) = Packet(chance, policy);
                bool isWanted = policy.Roles.SelectMany(static role => role.Services).Any(service => service.Includes(protocol, port) && service.From.Any(zone => IsIn(zone, source, policy)));
                ReachReport report = WhoReaches.Of(snapshot, rules, new ReachInquiry([(port, protocol)], source, null), policy);
                Assert.True(
                    !report.Answers.IsEmpty && report.Answers.All(answer => answer.Verdict == (isWanted ? ReachVerdict.Reachable : ReachVerdict.Blocked)),
                    $"seed {seed + number}: {source} to {port}/{protocol} should be {(isWanted ? "let in" : "kept out")}\n{script}");
                let += isWanted ? 1 : 0;
            }
        }

        Assert.InRange(let, Policies * Packets / 10, Policies * Packets * 9 / 10); // both happen
    }

    [Fact]
    public async Task Packets_find_what_the_policy_says()
    {
        using ChangedHost host = await ChangedHost.Create();
        (await host.Host.Run("ip", "route", "add", "default", "via", "10.77.0.2")).MustSucceed();
        (await host.Host.Run("ip", "-6", "route", "add", "default", "via", "fd77::2")).MustSucceed();
        (await host.Portcullis("apply", "--yes", "--confirm-within", "600")).MustSucceed();
        ProvedAudit audit = ProvedAudit.Parse(await host.Portcullis("audit", "--json", "--prove", "--policy", host.PolicyFile));

        Assert.Contains("22 10.77.0.1 reachable open proved", audit.Proofs); // from admin
        Assert.Contains("22 10.77.0.1 blocked filtered proved", audit.Proofs);
        Assert.Contains("443 fd77::1 reachable open proved", audit.Proofs);
        Assert.Contains("8080 10.77.0.1 reachable open proved", audit.Proofs); // from far
        Assert.Contains("8080 fd77::1 blocked filtered proved", audit.Proofs);
        Assert.DoesNotContain(audit.Proofs, static proof => proof.StartsWith("6379 ", StringComparison.Ordinal) && proof.Contains("reachable", StringComparison.Ordinal));
        Assert.All(audit.Proofs, static proof => Assert.EndsWith(" proved", proof, StringComparison.Ordinal));
    }

    private static HostPolicy Policy(Random chance)
    {
        Zone[] zones = [.. Enumerable.Range(0, chance.Next(4)).Select(at => new Zone($"zone {at}", [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => Block(chance))]))];
        string[] names = [.. Zone.BuiltIn, .. zones.Select(static zone => zone.Name)];
        RoleService[] services = [.. Enumerable.Range(0, chance.Next(1, 6)).Select(at => new RoleService
        {
            Name = $"service {at}",
            Ports = [.. Enumerable.Range(0, chance.Next(1, 4)).Select(_ => Ports(chance))],
            From = [.. names.Where(_ => chance.Next(3) == 0).DefaultIfEmpty(names[chance.Next(names.Length)])],
        })];
        return new HostPolicy { Source = "random", Zones = [.. zones], Roles = [new Role { Name = "role", Services = [.. services] }] };
    }

    private static ServicePort Ports(Random chance)
    {
        int first = chance.Next(2) == 0 ? chance.Next(1, 30) : chance.Next(1, 65_536);
        return new ServicePort(chance.Next(3) == 0 ? Protocol.Udp : Protocol.Tcp, new PortRange(first, Math.Min(65_535, first + (chance.Next(2) == 0 ? 0 : chance.Next(1, 20)))));
    }

    private static AddressBlock Block(Random chance)
    {
        bool isV4 = chance.Next(2) == 0;
        int length = isV4 ? chance.Next(6, 33) : chance.Next(10, 129);
        IpAddress address = Address(chance, isV4);
        uint kept = isV4 && length > 0 ? uint.MaxValue << (32 - length) : 0;
        return isV4
            ? new AddressBlock(IpAddress.FromV4((uint)address.Low & kept), length)
            : new AddressBlock(IpAddress.FromV6(address.High & Leading(length), address.Low & Leading(length - 64)), length);
    }

    private static ulong Leading(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - count);

    private static IpAddress Address(Random chance, bool isV4) => isV4
        ? IpAddress.FromV4((uint)chance.NextInt64(0x0b00_0000, 0x7e00_0000))
        : IpAddress.FromV6(0x2001_0db8_0000_0000 | (ulong)chance.Next(4) << 16, (ulong)chance.NextInt64());

    /// <summary>One of somebody whom the policy names, or of a stranger; to a port that it names, or near one.</summary>
    private static (IpAddress Source, Protocol Protocol, int Port) Packet(Random chance, HostPolicy policy)
    {
        List<AddressBlock> blocks = [.. policy.Zones.SelectMany(static zone => zone.Blocks), .. Zone.LinkBlocks, .. Zone.PrivateBlocks];
        AddressBlock block = blocks[chance.Next(blocks.Count)];
        IpAddress edge = block.Prefix;
        IpAddress source = chance.Next(3) switch
        {
            0 => Address(chance, chance.Next(2) == 0),
            1 => edge.Version == IpVersion.V4 ? IpAddress.FromV4((uint)edge.Low + 5) : IpAddress.FromV6(edge.High, edge.Low | 5),
            _ => edge.Version == IpVersion.V4 ? IpAddress.FromV4((uint)edge.Low - 1) : IpAddress.FromV6(edge.High - 1, ulong.MaxValue),
        };
        ServicePort[] ports = [.. policy.Roles[0].Services.SelectMany(static service => service.Ports)];
        ServicePort near = ports[chance.Next(ports.Length)];
        return (source, chance.Next(5) == 0 ? Protocol.Udp : near.Protocol, Math.Clamp(near.Ports.First + chance.Next(-1, near.Ports.Count + 1), 1, 65_535));
    }

    private static bool IsIn(string zone, IpAddress source, HostPolicy policy) => zone switch
    {
        Zone.Internet => true, // everybody
        Zone.Host => false,
        _ => Zone.BlocksOf(zone, policy).Any(block => block.Contains(source)),
    };
}
