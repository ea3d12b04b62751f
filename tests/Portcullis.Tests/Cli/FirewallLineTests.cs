using System.Collections.Immutable;
using Portcullis.Cli.Report;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>The line about the firewall says no more than was seen.</summary>
public sealed class FirewallLineTests
{
    private static readonly ImmutableArray<RuleLoader> s_loaders = [FirewallFacts.Loader("ufw") with { SwitchedOn = true }];

    [Fact]
    public void Rules_that_were_not_read_may_be_loaded() => Assert.Equal("Firewall: ufw (not known whether it is loaded, loaded at boot).", Line(null));

    [Fact]
    public void Rules_that_were_read_and_hold_none_of_its_are_not_loaded() =>
        Assert.Equal("Firewall: ufw (not loaded, loaded at boot). It keeps nobody out.", Line(new RulesetDump { Messages = default }));

    private static string Line(RulesetDump? rules)
    {
        Snapshot snapshot = Facts.Snapshot(Facts.Tcp("0.0.0.0", 80));
        return FirewallLine.Of(Facts.JudgedWhole(snapshot with { Namespaces = [snapshot.Namespaces[0] with { Rules = rules }], RuleLoaders = s_loaders }).Firewall);
    }
}
