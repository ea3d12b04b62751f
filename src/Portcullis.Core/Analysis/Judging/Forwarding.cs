using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>A host that passes on packets of others though it is not for that.</summary>
internal sealed class Forwarding : ICheck
{
    private const string Whole4 = "net.ipv4.ip_forward";
    private const string Whole6 = "net.ipv6.conf.all.forwarding";

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (judgement.Stack is not StackView stack || stack.MayPass)
        {
            return [];
        }

        string[] why =
        [
            judgement.Policy is { } policy
                ? policy.Roles.IsEmpty ? $"{policy.Source} names no role that forwards" : $"no role of {policy.Source} forwards ({string.Join(", ", policy.Roles.Select(role => role.Name))})"
                : "neither a container engine nor a service that needs it was seen",
            "who reaches one of its networks reaches the others through it past what filters between them; it is off unless somebody turns it on (RFC 1122, section 3.1)",
        ];
        string Title(string family) => $"{family} packets of others are passed on, and {(judgement.Policy is null ? "nothing that was seen needs it" : "no role allows it")}";

        // With a second network there is something to pass on to.
        Severity severity = judgement.Policy is null ? Severity.Info : stack.HasSeveralNetworks ? Severity.Medium : Severity.Low;
        Finding[] findings =
        [
            .. stack.Number(Whole4) is > 0
                ? StackFinding.Of(stack, "PC4007", severity, Title("IPv4"), Whole4, [stack.Said(Whole4), .. why], "0")
                : stack.IsPassing && StackFinding.Amiss(judgement, stack, 4, "forwarding", one => stack.Own(4, one, "forwarding") is > 0) is (string name, ImmutableArray<NetworkInterface> devices)
                    ? StackFinding.Of(
                        stack, "PC4007", severity, Title("IPv4"), name, [.. StackFinding.Values(stack, 4, "forwarding", devices), .. why], "0", $"{Whole4} = 0")
                    : [],
            .. stack.Number(Whole6) is > 0
                ? StackFinding.Of(stack, "PC4007", severity, Title("IPv6"), Whole6, [stack.Said(Whole6), .. why], "0")
                : [],
        ];
        return judgement.Snapshot.Containers.IsEmpty
            ? findings
            : findings.Select(finding => finding with { Remedy = $"the containers of this host need it: give it the role container-host. Only where they need no network: {finding.Remedy}" });
    }
}
