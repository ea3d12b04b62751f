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
        if (judgement.Stack is not StackView stack || RangeOf(judgement.Snapshot) is not PortRange local || Read(stack.Text(Reserved)) is not PortRange[] reserved)
        {
            yield break;
        }

        HashSet<string> told = new(StringComparer.Ordinal); // a port is reserved for every protocol and family at once
        Listener[] inside =
        [
            .. judgement.Listeners.Where(listener =>
                local.Contains(listener.Port) && !Holds(reserved, listener.Port) && IsMeant(judgement, listener) && told.Add(Wording.Port(listener))),
        ];
        SortedSet<int> added = [.. inside.Select(one => one.Port)];
        string[] parts = [.. stack.Text(Reserved) is { Length: > 0 } already ? [already] : Array.Empty<string>(), .. added.Select(port => port.ToString(CultureInfo.InvariantCulture))];
        string line = $"{Reserved} = {string.Join(',', parts)}";
        foreach (Listener listener in inside)
        {
            yield return Wording.Finding(
                "PC4010", Severity.Info,
                $"{Wording.Port(listener)} of {Wording.Holder(listener)} is among the ports that outgoing connections take, and is not reserved", listener,
                [
                    stack.Said(Range), $"{Reserved} = {(reserved.Length == 0 ? "(none)" : stack.Text(Reserved))}",
                    "while the service is down, any program of this host may get the port by chance, or take it on purpose (RFC 6056, section 3.2)",
                ],
                StackFinding.Write(line, stack.SetBy(Reserved)));
        }
    }

    /// <summary>The ports that the kernel gives to whoever names none; null where they were not read.</summary>
    internal static PortRange? RangeOf(Snapshot snapshot)
    {
        NetworkNamespace? host = snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName);
        string? range = host?.Stack?.FirstOrDefault(setting => setting.Name == Range)?.Value;
        return Read(range?.Replace('\t', '-').Replace(' ', '-')) is [PortRange one] ? one : null;
    }

    /// <summary>
    /// Whether the port was chosen by somebody, and not by the kernel at random, as for a client's UDP socket, an RPC service, or what
    /// a program (containerd) opens on loopback for its own parts.
    /// </summary>
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
            || (listener.Protocol == Protocol.Tcp && listener.Scope != Scope.Loopback && !isRpc);
    }

    /// <summary>Reads "8080,30000-30010"; null where a part is no port.</summary>
    private static PortRange[]? Read(string? text)
    {
        string[] parts = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        PortRange[] ranges = new PortRange[parts.Length];
        for (int at = 0; at < parts.Length; at++)
        {
            if (!PortRange.TryParse(Encoding.UTF8.GetBytes(parts[at]), out ranges[at]))
            {
                return null;
            }
        }

        return text is null ? null : ranges;
    }

    private static bool Holds(PortRange[] ranges, int port)
    {
        foreach (PortRange one in ranges)
        {
            if (one.Contains(port))
            {
                return true;
            }
        }

        return false;
    }
}
