using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>
/// Which known service a listener is: by what holds it, and only where nobody was seen to hold it by its number, since a port
/// number proves nothing.
/// </summary>
public static class ServiceIdentity
{
    /// <summary>The facts of the service.</summary>
    /// <returns>They; null where the holder is known for no service, or for several of which none belongs to this port.</returns>
    public static PortFacts? Of(Listener listener)
    {
        ImmutableArray<PortFacts> known = KnownOf(listener);
        if (known.IsEmpty)
        {
            return listener.Processes.IsEmpty && listener.Unit is null && listener.Holder.Kind != HolderKind.Kernel
                ? PortKnowledge.Lookup(listener.Port, listener.Protocol)
                : null;
        }

        Protocol protocol = listener.Protocol == Protocol.UdpLite ? Protocol.Udp : listener.Protocol;
        PortFacts? own = known.FirstOrDefault(facts => facts.Protocol == protocol && facts.Ports.Contains(listener.Port));
        if (own is not null || protocol == Protocol.Udp)
        {
            return own; // servers open UDP ports of the moment for their own questions; the service is on its known port
        }

        string[] names = [.. known.Where(facts => facts.Protocol == protocol).Select(facts => facts.Name).Distinct(StringComparer.Ordinal).Take(2)];
        return names.Length == 1 ? known.First(facts => facts.Protocol == protocol) : null;
    }

    /// <summary>The services that the listener's holder is known for, on whatever port; empty for none.</summary>
    public static ImmutableArray<PortFacts> KnownOf(Listener listener)
    {
        foreach (ProcessFacts? process in listener.Processes.Where(process => process.Pid != 1).DefaultIfEmpty())
        {
            ImmutableArray<PortFacts> known = ProgramKnowledge.ServicesOf(
                listener.Unit?.Name, listener.Package?.Name, listener.SuperServer?.Program is string program ? FileName(program) : ProgramOf(process));
            if (!known.IsEmpty)
            {
                return known;
            }
        }

        return [];
    }

    /// <summary>The names by which a listener's holder can be known: its unit, socket unit, package, and programs.</summary>
    public static IEnumerable<string> NamesOf(Listener listener) => new[] { listener.Unit?.Name, listener.ActivatedBy, listener.Package?.Name, listener.SuperServer?.Program is string path ? FileName(path) : null }
        .Concat(listener.Processes.Where(process => process.Pid != 1).Select(ProgramOf))
        .OfType<string>();

    /// <summary>The file name of the process's executable, or of the script that it runs; null where neither could be read.</summary>
    public static string? ProgramOf(ProcessFacts? process) =>
        process?.Script is string script ? FileName(script) : process?.Executable is string path ? FileName(path) : null;

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
