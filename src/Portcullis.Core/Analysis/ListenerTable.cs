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
        Dictionary<(Protocol, int), ServiceFacts> services = [];
        Dictionary<(string Key, IpAddress? Address, int Interface, int? LinkProtocol), List<Listener>> places = [];
        foreach (SocketFacts socket in snapshot.Sockets)
        {
            if (!services.TryGetValue((socket.Protocol, socket.Port), out ServiceFacts? service))
            {
                services[(socket.Protocol, socket.Port)] = service = ServiceLookup.Of(socket.Protocol, socket.Port);
            }

            Listener listener = Of(socket, namespaces.GetValueOrDefault(socket.Namespace), owners.Of(socket), service);
            (string, IpAddress?, int, int?) place = (listener.Key, listener.Address, socket.Interface, socket.LinkProtocol);
            if (places.TryGetValue(place, out List<Listener>? sharers))
            {
                sharers.Add(listener);
            }
            else
            {
                places[place] = [listener];
            }
        }

        return
        [
            .. places.Values
                .Select(Join)
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

    private static Listener Of(SocketFacts socket, NetworkNamespace? network, OwnerTable.Owner owner, ServiceFacts service)
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
            Service = service,
            Processes = owner.Processes,
            Unit = owner.Unit,
            ActivatedBy = owner.ActivatedBy,
            Package = owner.Package,
            Container = owner.Container,
            Published = owner.Published,
            SuperServer = owner.SuperServer,
            ReusePort = socket.ReusePort,
            Uid = socket.Uid,
            Queue = socket.Queue,
            Backlog = socket.Backlog,
            LinkProtocol = socket.LinkProtocol,
            FilterLength = socket.FilterLength,
        };
    }

    /// <summary>Makes one listener of the sockets that share a place and a holder.</summary>
    private static Listener Join(List<Listener> sharers) => sharers.Count == 1 ? sharers[0] : sharers[0] with
    {
        Sockets = sharers.Count,
        ReusePort = sharers.Exists(one => one.ReusePort == true) ? true : sharers.Exists(one => one.ReusePort is null) ? null : false,
        Queue = (uint)Math.Min(uint.MaxValue, sharers.Sum(one => (long)one.Queue)),
        Backlog = sharers.Max(one => one.Backlog),
        FilterLength = sharers.Max(one => one.FilterLength),
        Processes = [.. sharers.SelectMany(one => one.Processes).DistinctBy(process => process.Pid).OrderBy(process => process.Pid)],
    };
}
