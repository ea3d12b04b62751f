using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>One row as a person reads it: the listeners of one port, one reach and one holder, whatever their IP version.</summary>
internal sealed class ListenerRow
{
    private readonly Listener[] _listeners;

    private ListenerRow(IEnumerable<Listener> listeners) => _listeners = [.. listeners];

    internal Listener First => _listeners[0];

    /// <summary>All listeners of the row, the widest first.</summary>
    internal IReadOnlyList<Listener> All => _listeners;

    internal int Count => _listeners.Length;

    internal bool IsLoopback => First.Scope == Scope.Loopback;

    internal bool IsElsewhere => First.Namespace != NetworkNamespace.HostName;

    /// <summary>"443/tcp"; "icmp/raw" for a raw socket, "packet" for a packet socket.</summary>
    internal string Port => First.Protocol switch
    {
        Protocol.Packet => "packet",
        Protocol.Raw => First.Service.Name is string name ? $"{name}/raw" : string.Create(CultureInfo.InvariantCulture, $"{First.Port}/raw"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{First.Port}/{ListenerKey.Word(First.Protocol)}"),
    };

    /// <summary>What the port is for; a dash where the number means nothing.</summary>
    internal string Service => First.Protocol is Protocol.Packet or Protocol.Raw ? "" : First.Service.Name ?? "-";

    /// <summary>Where it can be heard, the widest first.</summary>
    internal string Heard
    {
        get
        {
            IEnumerable<string> wide = _listeners.Any(listener => listener.Scope == Scope.Any) ? [Everywhere] : [];
            string where = string.Join(", ", wide.Concat(
                _listeners.Where(listener => listener.Scope != Scope.Any).Select(listener => listener.Address?.ToString()).OfType<string>().Distinct()));
            string[] links = [.. _listeners.Select(listener => listener.Interface).OfType<string>().Distinct()];
            return (links.Length == 0 ? where : $"{where} on {string.Join(", ", links)}").Trim();
        }
    }

    /// <summary>The programs that hold it, each once, with the users where none of its processes is root's.</summary>
    internal string HeldBy
    {
        get
        {
            string[] names =
            [
                .. _listeners.SelectMany(listener => listener.Processes)
                    .Distinct(ByPid)
                    .Where(process => process.Pid != 1 || First.Processes.Length == 1)
                    .GroupBy(process => process.Name, StringComparer.Ordinal)
                    .Select(Named),
            ];
            return names.Length > 0 ? string.Join(", ", names)
                : First.Holder.Kind == HolderKind.Kernel ? "kernel"
                : "?";
        }
    }

    /// <summary>The unit; that of a container is only its id once more.</summary>
    internal string Unit => First.Container is not null && First.Unit is { Transient: true } ? "" : First.Unit?.Name ?? "";

    internal string Enabled => First.Unit?.Enabled ?? "";

    internal string Package => First.Package is PackageFacts package ? package.Name : "";

    internal string Version => First.Package?.Version ?? "";

    /// <summary>"web-server https" where a role allows it, "no" where none does; empty where nothing is said.</summary>
    internal string AllowedAs => First.Expected switch
    {
        null => "",
        false => "no",
        true => First.Role == "exception" ? "exception" : $"{First.Role} {First.RoleService}",
    };

    internal string Pids => string.Join(
        ' ', _listeners.SelectMany(listener => listener.Processes).Select(process => process.Pid).Distinct().Order().Select(pid => pid.ToString(CultureInfo.InvariantCulture)));

    internal IEnumerable<Remark> Remarks => Report.Remarks.Sorted(_listeners.SelectMany(Report.Remarks.On).Distinct());

    /// <summary>Whether something about it wants a look even on loopback.</summary>
    internal bool IsAlarming => Remarks.Any(remark => remark.Style == Style.Alarming);

    /// <summary>Gathers listeners into rows, ordered by port.</summary>
    /// <param name="listeners">The listeners.</param>
    /// <param name="each">Whether every listener gets a row of its own.</param>
    internal static List<ListenerRow> Of(IEnumerable<Listener> listeners, bool each) =>
    [
        .. listeners
            .GroupBy(listener => new Place(listener.Namespace, listener.Protocol, listener.Port, listener.Holder, listener.Scope == Scope.Loopback, each ? listener : null))
            .Select(same => new ListenerRow(same.Order(WidestFirst)))
            .Order(HostFirst),
    ];

    /// <summary>What the listeners of one row have in common.</summary>
    private sealed record Place(string Namespace, Protocol Protocol, int Port, Holder Holder, bool IsLoopback, Listener? Alone);

    private static Comparer<Listener> WidestFirst { get; } = Comparer<Listener>.Create(static (left, right) => right.Scope - left.Scope);

    // One comparer for one reference type: sorting by several keys of value types is compiled anew in every run.
    private static Comparer<ListenerRow> HostFirst { get; } = Comparer<ListenerRow>.Create(static (left, right) =>
        left.IsElsewhere.CompareTo(right.IsElsewhere) is int byHost and not 0 ? byHost
        : string.CompareOrdinal(left.First.Namespace, right.First.Namespace) is int byNamespace and not 0 ? byNamespace
        : (left.First.Protocol >= Protocol.Raw).CompareTo(right.First.Protocol >= Protocol.Raw) is int byKind and not 0 ? byKind
        : left.First.Port - right.First.Port is int byPort and not 0 ? byPort
        : left.First.Protocol - right.First.Protocol is int byProtocol and not 0 ? byProtocol
        : right.First.Scope - left.First.Scope is int byScope and not 0 ? byScope
        : string.CompareOrdinal(left.First.Key, right.First.Key));

    private string Everywhere =>
        First.Protocol == Protocol.Packet ? "all interfaces"
        : !Takes(AddressFamily.Ipv6) ? "all IPv4"
        : !Takes(AddressFamily.Ipv4) ? "all IPv6"
        : "all addresses";

    private bool Takes(AddressFamily family) =>
        _listeners.Any(listener => listener.Scope == Scope.Any && (listener.Family == family || listener.Family == AddressFamily.Dual));

    private static EqualityComparer<ProcessFacts> ByPid { get; } =
        EqualityComparer<ProcessFacts>.Create(static (left, right) => left?.Pid == right?.Pid, static process => process.Pid);

    private static string Named(IGrouping<string, ProcessFacts> program)
    {
        string[] users = [.. program.Select(process => process.User).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return users.Length == 0 || users.Contains("root") || users.Contains("0") ? program.Key : $"{program.Key} ({string.Join(", ", users)})";
    }
}
