using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Collects what is remarkable about a listener. Remarks are facts, not findings: nothing is judged here.</summary>
internal static class Remarks
{
    /// <summary>The remarks on one listener, the loudest first.</summary>
    internal static IEnumerable<Remark> On(Listener listener) =>
        Sorted(OnExecutables(listener).Concat(OnHolder(listener)).Concat(OnProtocol(listener)));

    /// <summary>The loudest first, else in the order given.</summary>
    internal static IEnumerable<Remark> Sorted(IEnumerable<Remark> remarks) => remarks.Order(LoudestFirst);

    private static Comparer<Remark> LoudestFirst { get; } = Comparer<Remark>.Create(static (left, right) => right.Style - left.Style);

    private static IEnumerable<Remark> OnExecutables(Listener listener)
    {
        if (Has(ExecutableOrigin.Deleted))
        {
            yield return new Remark("executable deleted", Style.Alarming);
        }

        if (Has(ExecutableOrigin.Memory))
        {
            yield return new Remark("runs from memory", Style.Alarming);
        }

        if (Has(ExecutableOrigin.Temporary))
        {
            yield return new Remark("runs from a temp directory", Style.Alarming);
        }

        bool Has(ExecutableOrigin origin) => listener.Processes.Any(process => process.Origin == origin);

        if (listener.Processes.Any(process => process.Packaged == false && process.Origin is not (ExecutableOrigin.Memory or ExecutableOrigin.Kernel)))
        {
            yield return new Remark("not from a package", Style.Notable);
        }
    }

    private static IEnumerable<Remark> OnHolder(Listener listener)
    {
        if (listener.Holder.Kind == HolderKind.Unknown && listener.Processes.IsEmpty)
        {
            yield return new Remark("holder not seen", Style.Notable);
        }

        if (listener.Kernel is not null)
        {
            yield return new Remark($"the kernel's {listener.Kernel}", Style.Plain);
        }

        if (listener.SuperServer is SuperServerEntry entry)
        {
            yield return new Remark(
                entry.Program is null ? $"{entry.Server}'s built-in {entry.Service}" : $"{entry.Server} starts {entry.Program}", Style.Plain);
        }

        if (listener.ActivatedBy is string socket)
        {
            yield return new Remark($"opened by {socket}", Style.Plain);
        }
        else if (listener.Unit?.Activates is string service)
        {
            yield return new Remark($"starts {service}", Style.Plain);
        }

        if (listener.Container is ContainerFacts container)
        {
            string name = container.Name ?? container.Id[..Math.Min(12, container.Id.Length)];
            yield return new Remark(
                listener.Published is PublishedPort port
                    ? string.Create(CultureInfo.InvariantCulture, $"published: {container.Engine} {name}{(port.ContainerPort is null ? "" : " port ")}{port.ContainerPort}")
                    : $"in {container.Engine} {name}",
                Style.Plain);
        }
    }

    private static IEnumerable<Remark> OnProtocol(Listener listener)
    {
        switch (listener.Protocol)
        {
            case Protocol.Packet:
                string filter = listener.FilterLength is int length and > 0
                    ? string.Create(CultureInfo.InvariantCulture, $", filter of {length} instructions")
                    : "";
                yield return new Remark(listener.LinkProtocol == 0 ? "packet socket, receives nothing yet" : $"sees frames before the firewall{filter}", Style.Notable);
                break;
            case Protocol.Raw:
                yield return new Remark("raw socket: needs no port", Style.Notable);
                break;
            default:
                if (listener.Service.Cleartext == true && listener.Scope != Scope.Loopback)
                {
                    yield return new Remark("clear text", Style.Plain);
                }

                break;
        }
    }
}
