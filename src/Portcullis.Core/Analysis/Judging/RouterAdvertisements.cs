using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Interfaces on which the kernel believes whoever says that it is an IPv6 router.</summary>
internal sealed class RouterAdvertisements : ICheck
{
    private const string Setting = "accept_ra";

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Stack is not StackView stack
            || StackFinding.Amiss(judgement, stack, 6, Setting, one => Believes(stack, one)) is not (string name, ImmutableArray<NetworkInterface> devices))
        {
            return [];
        }

        bool isUsed = devices.All(HasAddress);
        return StackFinding.Of(
            stack, "PC4006", !isUsed && judgement.Policy is { Roles.IsEmpty: false } ? Severity.Low : Severity.Info,
            isUsed
                ? $"Whoever sends IPv6 router advertisements is believed {StackFinding.On(devices)}"
                : $"Nobody gave this host an IPv6 address by router advertisement, but whoever sends one is believed {StackFinding.On(devices)}",
            name,
            [
                .. devices.Take(8).Select(one => stack.Said(StackView.Name(6, one.Name, Setting)) + (HasAddress(one) ? "; it has a global address, perhaps by this" : "; it has no global address")),
                "1 believes them where the host does not forward, 2 always (Documentation/networking/ip-sysctl)",
                "one forged advertisement makes a neighbour the way to everywhere, and opens the host to IPv6 that nobody planned for (RFC 6104)",
            ],
            "0", Redirects.Pattern(6, Setting, name)).Select(finding => finding with
            {
                Remedy = isUsed ? $"where the address and the routes are set by hand: {finding.Remedy}" : finding.Remedy,
            });
    }

    private static bool Believes(StackView stack, NetworkInterface one) =>
        stack.Own(6, one, "disable_ipv6") == 0
        && (stack.Own(6, one, "forwarding") is > 0 ? stack.Own(6, one, Setting) == 2 : stack.Own(6, one, Setting) is > 0);

    private static bool HasAddress(NetworkInterface one) =>
        one.Addresses.Any(address => address.Version == IpVersion.V6 && AddressScope.Of(address, null) is Scope.Private or Scope.Address);
}
