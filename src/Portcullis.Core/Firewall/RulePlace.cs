using System.Globalization;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Where it was decided: a rule, or the policy of a base chain.</summary>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule; null for the chain's policy.</param>
public sealed record RulePlace(FirewallTable Table, FirewallChain Chain, FirewallRule? Rule)
{
    /// <summary>The switch of the TCP/IP stack that decided in the place of a rule, in words; null where a rule or policy did.</summary>
    public string? Switch { get; private init; }

    /// <summary>The place of packets for others that are not passed on.</summary>
    internal static RulePlace NotPassedOn(Arrival arrival) => new(new FirewallTable { Family = TableFamily.Inet, Name = "" }, new FirewallChain { Name = "" }, null)
    {
        // Of IPv6 the switch of all interfaces counts (Documentation/networking/ip-sysctl.rst). sysctl(8) writes a dot in a name as a slash.
        Switch = $"forwarding is off (net.{(arrival.Version == IpVersion.V4 ? $"ipv4.conf.{arrival.Interface.Name.Replace('.', '/')}" : "ipv6.conf.all")}.forwarding = 0)",
    };

    /// <summary>As the user finds it: "inet filter input handle 9: tcp dport 443 accept", "inet filter input policy drop".</summary>
    public override string ToString()
    {
        if (Switch is not null)
        {
            return Switch;
        }

        string chain = $"{Table.Family.ToString().ToLowerInvariant()} {Table.Name} {Chain.Name}";
        return Rule is null ? $"{chain} policy {(Chain.Hook?.DropsByDefault == true ? "drop" : "accept")}"
            : Rule.Handle is ulong handle ? string.Create(CultureInfo.InvariantCulture, $"{chain} handle {handle}: {RuleText.Of(Rule, Table)}")
            : Rule.Number is int number ? string.Create(CultureInfo.InvariantCulture, $"{chain} rule {number}: {RuleText.Of(Rule, Table)}")
            : $"{chain}: {RuleText.Of(Rule, Table)}";
    }
}
