using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Tests.Wire.Nft;

namespace Portcullis.Tests.Analysis;

/// <summary>Gives small snapshots a firewall.</summary>
internal static class FirewallFacts
{
    /// <summary>The snapshot with the firewall rules of dumps of the real kernel.</summary>
    internal static Snapshot WithRules(Snapshot snapshot, params string[] fixtures) => snapshot with
    {
        Namespaces =
        [
            snapshot.Namespaces[0] with { Rules = new RulesetDump { Messages = fixtures.SelectMany(static name => NftRulesetTests.Dump(name)).ToArray() } },
            .. snapshot.Namespaces.Skip(1),
        ],
    };

    /// <summary>A machine whose firewall lets in 22, 80, 443 and 6379 over TCP.</summary>
    internal static Snapshot Guarded(Snapshot snapshot) => WithRules(snapshot, "guard.nft");

    /// <summary>A program that keeps a firewall: enabled and running, where nothing else is said.</summary>
    internal static RuleLoader Loader(string name, bool running = true, bool atBoot = true) => new()
    {
        Name = name,
        Unit = name + ".service",
        Enabled = atBoot ? "enabled" : "disabled",
        StartsAtBoot = atBoot,
        Running = running,
    };
}
