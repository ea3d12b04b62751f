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

        Protocol protocol = Ported(listener);
        PortFacts? any = null;
        bool isOne = true;
        foreach (PortFacts facts in known)
        {
            if (facts.Protocol != protocol)
            {
                continue;
            }

            if (facts.Ports.Contains(listener.Port))
            {
                return facts;
            }

            isOne &= any is null || any.Name == facts.Name;
            any ??= facts;
        }

        // Servers open UDP ports of the moment for their own questions; the service is on its known port.
        return isOne && protocol != Protocol.Udp ? any : null;
    }

    /// <summary>
    /// Where <see cref="Of"/> has no answer, since the holder is known for several services and listens on the port of none: those
    /// services. Empty everywhere else, and for UDP.
    /// </summary>
    public static ImmutableArray<PortFacts> CandidatesOf(Listener listener)
    {
        Protocol protocol = Ported(listener);
        ImmutableArray<PortFacts> known = KnownOf(listener);

        // What an engine holds for a container says nothing of what runs in that.
        return known.IsEmpty || listener.Container is not null || listener.Published is not null || protocol == Protocol.Udp || Of(listener) is not null ? [] : [.. known.Where(facts => facts.Protocol == protocol)];
    }

    /// <summary>The services that the listener's holder is known for, on whatever port; empty for none.</summary>
    public static ImmutableArray<PortFacts> KnownOf(Listener listener)
    {
        // What inetd answers itself, or starts by a program that nobody knows, it calls by its name in services(5).
        if (listener.SuperServer is SuperServerEntry entry)
        {
            ImmutableArray<PortFacts> started = entry.Program is string program ? ProgramKnowledge.ServicesOf(null, null, FileName(program)) : [];
            return started.IsEmpty ? PortKnowledge.FindByName(entry.Service) : started;
        }

        if (listener.Kernel is string kernel)
        {
            return PortKnowledge.FindByName(KernelName(kernel));
        }

        bool isAlone = true;
        foreach (ProcessFacts process in listener.Processes)
        {
            if (process.Pid == 1)
            {
                continue;
            }

            isAlone = false;
            ImmutableArray<PortFacts> known = ProgramKnowledge.ServicesOf(UnitName(listener), listener.Package?.Name, ProgramOf(process));
            if (!known.IsEmpty)
            {
                return known;
            }
        }

        return isAlone ? ProgramKnowledge.ServicesOf(UnitName(listener), listener.Package?.Name, null) : [];
    }

    /// <summary>
    /// The names by which a listener's holder can be known: its unit, socket unit, package, and programs. A user may call a unit of
    /// his own as he likes, so that its name proves nothing.
    /// </summary>
    public static IEnumerable<string> NamesOf(Listener listener)
    {
        List<string> names = [];
        Add(UnitName(listener));
        Add(listener.Unit is { User: not null } ? null : listener.ActivatedBy);
        Add(listener.Package?.Name);
        Add(listener.SuperServer?.Program is string path ? FileName(path) : null);
        foreach (ProcessFacts process in listener.Processes)
        {
            Add(process.Pid == 1 ? null : ProgramOf(process));
        }

        return names;

        void Add(string? name)
        {
            if (name is not null)
            {
                names.Add(name);
            }
        }
    }

    /// <summary>The file name of the process's executable, or of the script that it runs; null where neither could be read.</summary>
    public static string? ProgramOf(ProcessFacts? process) =>
        process?.Script is string script ? FileName(script) : process?.Executable is string path ? FileName(path) : null;

    /// <summary>The service of a server in the kernel, by the name that people know.</summary>
    private static string KernelName(string kernel) => kernel switch
    {
        "nfsd" => "nfs",
        "ksmbd" => "smb",
        _ => kernel,
    };

    private static string? UnitName(Listener listener) => listener.Unit is { User: null } unit ? unit.Name : null;

    private static Protocol Ported(Listener listener) => listener.Protocol == Protocol.UdpLite ? Protocol.Udp : listener.Protocol;

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
