using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Services whose port an outgoing connection may take while they are down, so that they don't start again.</summary>
internal sealed class EphemeralPort : ICheck
{
    private const string Range = "net.ipv4.ip_local_port_range";
    private const string Reserved = "net.ipv4.ip_local_reserved_ports";

    public IEnumerable<Finding> Find(Judgement judgement)
    {
        if (StackView.Of(judgement) is not StackView stack || Read(stack.Text(Range)?.Replace(' ', '-')) is not [PortRange local] || Read(stack.Text(Reserved)) is not List<PortRange> reserved)
        {
            yield break;
        }

        Listener[] inside =
        [
            .. judgement.Listeners
                .Where(listener => local.Contains(listener.Port) && !reserved.Exists(one => one.Contains(listener.Port)) && IsMeant(judgement, listener) && !judgement.IsAccepted(listener.Key))
                .DistinctBy(listener => (listener.Protocol, listener.Port)),
        ];
        string line = $"{Reserved} = {string.Join(',', reserved.Select(one => one.ToString()).Concat(inside.Select(one => one.Port).Distinct().Order().Select(port => port.ToString(CultureInfo.InvariantCulture))))}";
        foreach (Listener listener in inside)
        {
            yield return Wording.Finding(
                "PC4010", Severity.Info,
                $"{Wording.Port(listener)} of {Wording.Holder(listener)} is among the ports that outgoing connections take, and is not reserved", listener,
                [
                    stack.Said(Range), $"{Reserved} = {(reserved.Count == 0 ? "(none)" : stack.Text(Reserved))}",
                    "while the service is down, any program of this host may get the port by chance, or take it on purpose (RFC 6056, section 3.2)",
                ],
                StackFinding.Write(line, stack.SetBy(Reserved)));
        }
    }

    /// <summary>Whether the port was chosen by somebody, and not by the kernel at random, as for a client's UDP socket or an RPC service.</summary>
    private static bool IsMeant(Judgement judgement, Listener listener)
    {
        if (listener.Namespace != NetworkNamespace.HostName || listener.Protocol is not (Protocol.Tcp or Protocol.Udp) || listener.Unit is not { Transient: false } unit)
        {
            return false;
        }

        bool isRpc = ServiceIdentity.NamesOf(listener).Any(name => name.StartsWith("rpc", StringComparison.Ordinal) || name.StartsWith("nfs", StringComparison.Ordinal));
        return judgement.IdentityOf(listener)?.Ports.Contains(listener.Port) == true
            || unit.Name.EndsWith(".socket", StringComparison.Ordinal) || listener.ActivatedBy is not null
            || judgement.ExpectationOf(listener).Expected == true
            || (listener.Protocol == Protocol.Tcp && !isRpc);
    }

    /// <summary>Reads "8080,30000-30010"; null where a part is no port.</summary>
    private static List<PortRange>? Read(string? text)
    {
        List<PortRange> ranges = [];
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!PortRange.TryParse(Encoding.UTF8.GetBytes(part), out PortRange range))
            {
                return null;
            }

            ranges.Add(range);
        }

        return text is null ? null : ranges;
    }
}
