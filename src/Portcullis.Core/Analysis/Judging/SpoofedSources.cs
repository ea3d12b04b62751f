using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Packets whose source is a lie, or that bring their own route: not refused, or not told of.</summary>
internal sealed class SpoofedSources : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement) =>
        judgement.Stack is StackView stack ? [.. ReversePath(judgement, stack), .. SourceRoutes(judgement, stack), .. Martians(judgement, stack)] : [];

    /// <summary>The larger of "all" and the interface's own is in force: 0 off, 1 strict, 2 loose (ip-sysctl, rp_filter).</summary>
    private static Finding[] ReversePath(Judgement judgement, StackView stack)
    {
        const string Setting = "rp_filter";
        if (StackFinding.Amiss(judgement, stack, 4, Setting, one => Math.Max(stack.All(4, Setting) ?? 0, stack.Own(4, one, Setting) ?? 0) == 0) is not (string name, ImmutableArray<NetworkInterface> devices))
        {
            return [];
        }

        // Strict mode refuses what does not come by the way back, so that on a host of several networks it may shut out whoever sets it.
        // With one interface every source is reachable by it, so that strict mode refuses next to nothing.
        return StackFinding.Of(
            stack, "PC4002", stack.HasSeveralNetworks ? Severity.Low : Severity.Info,
            $"The reverse path filter is off {StackFinding.On(devices)}: packets may come in from where their source cannot be", name,
            [
                .. StackFinding.Values(stack, 4, Setting, devices), "the larger of the two values is in force; 0 checks nothing (Documentation/networking/ip-sysctl)",
                "a source that the way back does not lead to is a forged one, or a way that differs by direction (RFC 3704, section 2)",
            ],
            stack.MayPass || stack.HasSeveralNetworks ? "2" : "1");
    }

    /// <summary>IPv4 only: "all" and the interface both have to allow it. Of IPv6's routing headers Linux follows none that RFC 5095 took back, whatever the switch says.</summary>
    private static Finding[] SourceRoutes(Judgement judgement, StackView stack)
    {
        const string Setting = "accept_source_route";
        return stack.All(4, Setting) is > 0 && StackFinding.Amiss(judgement, stack, 4, Setting, one => stack.Own(4, one, Setting) is > 0) is (string name, ImmutableArray<NetworkInterface> devices)
            ? StackFinding.Of(
                stack, "PC4005", Severity.Medium, $"Packets that carry their own route are accepted {StackFinding.On(devices)}", name,
                [
                    .. StackFinding.Values(stack, 4, Setting, devices), "it is on where both values are (Documentation/networking/ip-sysctl)",
                    "the sender chooses the way of the answers, past what filters by address (RFC 7126, sections 4.3 and 4.4)",
                ],
                "0", StackView.Name(4, "all", Setting) + " = 0")
            : [];
    }

    /// <summary>Either of the two values turns it on.</summary>
    private static Finding[] Martians(Judgement judgement, StackView stack)
    {
        const string Setting = "log_martians";
        return stack.All(4, Setting) == 0 && StackFinding.Amiss(judgement, stack, 4, Setting, one => stack.Own(4, one, Setting) == 0) is (string name, ImmutableArray<NetworkInterface> devices)
            ? StackFinding.Of(
                stack, "PC4008", Severity.Info, $"Packets with impossible addresses are not logged {StackFinding.On(devices)}", name,
                [
                    .. StackFinding.Values(stack, 4, Setting, devices), "it is on where one of the two values is (Documentation/networking/ip-sysctl)",
                    "who drops a packet for its address should log it (RFC 1812, section 5.3.7)",
                ],
                "1")
            : [];
    }
}
