using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Joins a snapshot's sockets with their owners into listeners.</summary>
public static class ListenerTable
{
    /// <summary>The listeners, sorted by key, then address and interface.</summary>
    public static ImmutableArray<Listener> From(Snapshot snapshot)
    {
        OwnerTable owners = new(snapshot);
        Dictionary<ulong, NetworkNamespace> namespaces = snapshot.Namespaces.DistinctBy(one => one.Inode).ToDictionary(one => one.Inode);
        Dictionary<(string Key, IpAddress? Address, int Interface, int? LinkProtocol), Listener> listeners = [];
        foreach (SocketFacts socket in snapshot.Sockets)
        {
            Listener listener = Of(socket, namespaces.GetValueOrDefault(socket.Namespace), owners.Of(socket));
            (string, IpAddress?, int, int?) place = (listener.Key, listener.Address, socket.Interface, socket.LinkProtocol);
            listeners[place] = listeners.TryGetValue(place, out Listener? known) ? Join(known, listener) : listener;
        }

        return
        [
            .. listeners.Values
                .OrderBy(listener => listener.Key, StringComparer.Ordinal)
                .ThenBy(listener => listener.Address)
                .ThenBy(listener => listener.Interface, StringComparer.Ordinal)
                .ThenBy(listener => listener.LinkProtocol),
        ];
    }

    /// <summary>What traffic a socket takes (ipv6(7), IPV6_V6ONLY; raw(7): a raw IPv6 socket sees IPv6 only).</summary>
    public static AddressFamily FamilyOf(SocketFacts socket) =>
        socket.Address is not IpAddress address ? AddressFamily.Packet
        : address.Unmapped().Version == IpVersion.V4 ? AddressFamily.Ipv4
        : address.IsAny && socket.V6Only != true && socket.Protocol != Protocol.Raw ? AddressFamily.Dual
        : AddressFamily.Ipv6;

    private static Listener Of(SocketFacts socket, NetworkNamespace? network, OwnerTable.Owner owner)
    {
        NetworkInterface? boundTo = socket.Interface == 0 ? null : network?.Interfaces.FirstOrDefault(one => one.Index == socket.Interface);
        string networkName = network?.Name ?? "unknown";
        Scope scope = AddressScope.Of(socket.Address, boundTo);
        AddressFamily family = FamilyOf(socket);
        return new Listener
        {
            Key = ListenerKey.Of(networkName, socket.Protocol, scope, family, socket.Port, owner.Holder),
            Protocol = socket.Protocol,
            Address = socket.Address?.Unmapped(),
            Port = socket.Port,
            Interface = socket.Interface == 0 ? null : boundTo?.Name ?? $"if{socket.Interface}",
            Scope = scope,
            Family = family,
            Namespace = networkName,
            Holder = owner.Holder,
            Service = ServiceLookup.Of(socket.Protocol, socket.Port),
            Processes = owner.Processes,
            Unit = owner.Unit,
            ActivatedBy = owner.ActivatedBy,
            Package = owner.Package,
            Container = owner.Container,
            Published = owner.Published,
            SuperServer = owner.SuperServer,
            Uid = socket.Uid,
            Queue = socket.Queue,
            Backlog = socket.Backlog,
            LinkProtocol = socket.LinkProtocol,
            FilterLength = socket.FilterLength,
        };
    }

    private static Listener Join(Listener one, Listener other) => one with
    {
        Sockets = one.Sockets + other.Sockets,
        Queue = one.Queue + other.Queue,
        Backlog = one.Backlog is null ? other.Backlog : Math.Max(one.Backlog.Value, other.Backlog ?? 0),
        FilterLength = one.FilterLength is null ? other.FilterLength : Math.Max(one.FilterLength.Value, other.FilterLength ?? 0),
        Processes = [.. one.Processes.Concat(other.Processes).DistinctBy(process => process.Pid).OrderBy(process => process.Pid)],
    };
}
