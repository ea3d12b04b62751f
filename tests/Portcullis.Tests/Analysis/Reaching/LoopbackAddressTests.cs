using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Policy;
using Portcullis.Tests.Firewall;
using Xunit;
using static Portcullis.Tests.Firewall.Fields;

namespace Portcullis.Tests.Analysis.Reaching;

/// <summary>The loopback device may have addresses that others ask for, such as those of load balancers; 127.0.0.0/8 and ::1 nobody else can.</summary>
public sealed class LoopbackAddressTests
{
    /// <summary>Lets nothing in but what is for one address.</summary>
    private static Ruleset Only(string address) =>
        Rules(Cases.Input(Rule(new MatchStep(new Operand(Destination(IpVersion.V4)), [One(Bytes(address))], false), Cases.Accept), Rule(Cases.Drop)));

    [Theory]
    [InlineData("10.77.0.50", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.53", false)]
    public void Address_of_the_loopback_device_is_asked_for_unless_it_is_the_hosts_alone(string address, bool isAsked)
    {
        NetworkNamespace host = Host(address);

        ReachReport report = ReachTable.Of(host, Only(address), new ReachInquiry([(80, Core.Model.Protocol.Tcp)], null, null), null);

        Assert.Equal(isAsked, report.Answers.Any(answer => answer.Verdict == ReachVerdict.Reachable && answer.To == address));
        Assert.Contains(report.Answers, answer => answer.Verdict == ReachVerdict.Blocked);
    }

    [Theory]
    [InlineData("10.77.0.50", ReachVerdict.Reachable)]
    [InlineData("127.0.0.1", ReachVerdict.Blocked)]
    public void Listener_on_all_addresses_is_reached_by_it(string address, ReachVerdict expected)
    {
        NetworkNamespace host = Host(address);
        Listener listener = Core.Analysis.ListenerTable.From(Facts.Snapshot(Facts.Socket(Core.Model.Protocol.Tcp, "0.0.0.0", 80) with { Backlog = 1 })).Single();

        Exposure one = Exposures.Of(listener, new NamespaceFirewall(host, Only(address)), ZoneSources.Of(null, host)).Single(exposure => exposure.Zone == Zone.Private);

        Assert.Equal(expected, one.Verdict);
    }

    private static NetworkNamespace Host(string address) => Facts.Network(Facts.Host, NetworkNamespace.HostName) with
    {
        Interfaces =
        [
            new NetworkInterface { Index = 1, Name = "lo", IsLoopback = true, IsUp = true, Addresses = [IpAddress.Parse(address)] },
            new NetworkInterface { Index = 2, Name = "eth0", IsUp = true, Addresses = [IpAddress.Parse("10.77.0.2")] },
        ],
    };
}
