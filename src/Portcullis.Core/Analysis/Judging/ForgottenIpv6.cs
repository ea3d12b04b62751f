using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Services that somebody kept from strangers on IPv4 and forgot on IPv6.</summary>
internal sealed class ForgottenIpv6 : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        ILookup<int, Listener> ofIpv4 = judgement.Listeners.Where(listener => listener.Family == AddressFamily.Ipv4).ToLookup(listener => listener.Port);
        foreach (Listener open in judgement.Listeners)
        {
            // A dual-stack socket on :: beside an IPv4 one on loopback takes the IPv4 traffic of every other address, too.
            if (open.Scope is not (Scope.Any or Scope.Address) || open.Family is not (AddressFamily.Ipv6 or AddressFamily.Dual))
            {
                continue;
            }

            Listener[] narrow = [.. ofIpv4[open.Port].Where(one => IsSamePlace(one, open))];
            if (narrow.Length > 0 && narrow.All(one => one.Scope < Scope.Address))
            {
                yield return Wording.Finding(
                    "PC2007", Severity.Medium, $"{Wording.Holder(open)} is kept inside on IPv4, and heard {Wording.Where(open)} on IPv6 ({Wording.Port(open)})", open,
                    [.. narrow.Select(one => "on IPv4: " + Wording.Binding(one))],
                    "bind it on IPv6 to the same kind of address as on IPv4 ([::1] for 127.0.0.1), or switch its IPv6 off in its configuration");
            }
            else if (Unequal(judgement, open, [.. ofIpv4[open.Port].Where(one => IsSamePlace(one, open))]) is (Exposure closed, Exposure through))
            {
                yield return Wording.Finding(
                    "PC2007", Severity.High, $"The firewall keeps {Wording.Holder(open)} closed on IPv4, and not on IPv6 ({Wording.Port(open)})", open,
                    [$"the zone internet over IPv4: kept out by {closed.By}", $"the zone internet over IPv6: {(through.By is string rule ? $"let in by {rule}" : "no rule keeps it out")}"],
                    "write the rules for both families at once, in an nftables table of the family inet, or give each rule of iptables its twin in ip6tables");
            }
        }
    }

    /// <summary>How the internet fares over IPv4 and over IPv6, where it is kept out over the first and not over the other.</summary>
    private static (Exposure Closed, Exposure Open)? Unequal(Judgement judgement, Listener open, Listener[] ofIpv4)
    {
        Listener? other = open.Family == AddressFamily.Dual ? open : ofIpv4.FirstOrDefault(one => one.Scope is Scope.Any or Scope.Address);
        return other is not null && judgement.Firewall.FromInternet(open, IpVersion.V6) is { Verdict: ReachVerdict.Reachable } through
            && judgement.Firewall.FromInternet(other, IpVersion.V4) is { Verdict: ReachVerdict.Blocked, By: not null } closed
            ? (closed, through)
            : null;
    }

    private static bool IsSamePlace(Listener one, Listener other) =>
        one.Namespace == other.Namespace && one.Protocol == other.Protocol && one.Holder == other.Holder;
}
