using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>ICMP redirects: believed, so that a neighbour may draw traffic to itself, or sent by what is no router.</summary>
internal sealed class Redirects : ICheck
{
    private const string Accept = "accept_redirects";

    public IEnumerable<Finding> Find(Judgement judgement) =>
        judgement.Stack is StackView stack ? [.. Accepted4(judgement, stack), .. Accepted6(judgement, stack), .. Sent(judgement, stack)] : [];

    private static Finding[] Accepted4(Judgement judgement, StackView stack)
    {
        if (StackFinding.Amiss(judgement, stack, 4, Accept, one => Believes(stack, one)) is not (string name, ImmutableArray<NetworkInterface> devices))
        {
            return [];
        }

        return StackFinding.Of(
            stack, "PC4003", stack.IsPassing ? Severity.Low : Severity.Info, $"ICMP redirects are believed {StackFinding.On(devices)}", name,
            [
                .. StackFinding.Values(stack, 4, Accept, devices),
                stack.IsPassing
                    ? "on a host that forwards it is on where both values are (Documentation/networking/ip-sysctl); a router with a routing protocol must not heed them (RFC 1812, section 5.2.7.2)"
                    : "on a host that does not forward it is on where one of the two values is (Documentation/networking/ip-sysctl)",
                Why,
            ],
            "0", Pattern(4, Accept, name));
    }

    /// <summary>The interface's own value counts, and only where it does not forward.</summary>
    private static Finding[] Accepted6(Judgement judgement, StackView stack) =>
        StackFinding.Amiss(judgement, stack, 6, Accept, one => stack.Own(6, one, Accept) is > 0 && stack.Own(6, one, "forwarding") == 0 && stack.Own(6, one, "disable_ipv6") == 0) is (string name, ImmutableArray<NetworkInterface> devices)
            ? StackFinding.Of(
                stack, "PC4003", Severity.Info, $"ICMPv6 redirects are believed {StackFinding.On(devices)}", name,
                [.. StackFinding.Values(stack, 6, Accept, devices), "the interface's own value counts (Documentation/networking/ip-sysctl)", Why],
                "0", Pattern(6, Accept, name))
            : [];

    /// <summary>Only what forwards sends any, so that the switch means nothing elsewhere; "all" or the interface turns it on.</summary>
    private static Finding[] Sent(Judgement judgement, StackView stack)
    {
        const string Setting = "send_redirects";
        return !stack.MayPass
            && StackFinding.Amiss(judgement, stack, 4, Setting, one => stack.Own(4, one, "forwarding") is > 0 && (stack.All(4, Setting) is > 0 || stack.Own(4, one, Setting) is > 0)) is (string name, ImmutableArray<NetworkInterface> devices)
            ? StackFinding.Of(
                stack, "PC4004", judgement.Policy is null ? Severity.Info : Severity.Low, $"ICMP redirects are sent {StackFinding.On(devices)} by a host that is no router", name,
                [
                    .. StackFinding.Values(stack, 4, Setting, devices), "it is on where one of the two values is, and the host forwards (Documentation/networking/ip-sysctl)",
                    "a host should not send redirects, only routers do (RFC 1122, section 3.2.2.2)",
                ],
                "0", Pattern(4, Setting, name))
            : [];
    }

    private static bool Believes(StackView stack, NetworkInterface one)
    {
        bool all = stack.All(4, Accept) is > 0;
        bool own = stack.Own(4, one, Accept) is > 0;
        return stack.Own(4, one, "forwarding") is > 0 ? all && own : all || own;
    }

    /// <summary>The line for all interfaces, those to come with them ("*" means "all" and "default" too), or for the one that is amiss.</summary>
    internal static string? Pattern(int version, string setting, string name) =>
        name == StackView.Name(version, "all", setting) ? StackView.Name(version, "*", setting) + " = 0" : null;

    private const string Why = "a neighbour on the link can draw this host's traffic to itself with one forged message (RFC 4861, section 11.1)";
}
