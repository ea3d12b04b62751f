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
        Dictionary<ulong, List<PacketProgram>> programs = ByGroup(snapshot.GroupPrograms ?? []);
        Dictionary<ulong, ServiceFacts> services = [];
        List<Listener> listeners = new(snapshot.Sockets.Length);
        foreach (SocketFacts socket in snapshot.Sockets)
        {
            ulong port = ((ulong)socket.Protocol << 32) | (uint)socket.Port;
            if (!services.TryGetValue(port, out ServiceFacts? service))
            {
                services[port] = service = ServiceLookup.Of(socket.Protocol, socket.Port);
            }

            Listener one = Of(socket, owners.NamespaceOf(socket), owners.Of(socket), service);
            listeners.Add(socket.CgroupId is ulong group && programs.TryGetValue(group, out List<PacketProgram>? seeing) && !KernelSocket.IsTunnel(socket, owners.NamespaceOf(socket))
                ? one with { Programs = [.. seeing] }
                : one);
        }

        // Sorting brings those of one place together, in the order of the snapshot.
        ImmutableArray<Listener>.Builder places = ImmutableArray.CreateBuilder<Listener>();
        List<Listener> sharers = [];
        foreach (Listener listener in listeners.Order(ByPlace))
        {
            if (sharers.Count > 0 && ByPlace.Compare(sharers[0], listener) != 0)
            {
                places.Add(Join(sharers));
                sharers.Clear();
            }

            sharers.Add(listener);
        }

        if (sharers.Count > 0)
        {
            places.Add(Join(sharers));
        }

        return places.ToImmutable();
    }

    /// <summary>What traffic a socket takes (ipv6(7), IPV6_V6ONLY; raw(7): a raw IPv6 socket sees IPv6 only).</summary>
    public static AddressFamily FamilyOf(SocketFacts socket) =>
        socket.Address is not IpAddress address ? AddressFamily.Packet
        : address.Unmapped().Version == IpVersion.V4 ? AddressFamily.Ipv4
        : address.IsAny && socket.V6Only != true && socket.Protocol != Protocol.Raw ? AddressFamily.Dual
        : AddressFamily.Ipv6;

    /// <summary>The programs that see what comes in to the sockets of a control group.</summary>
    private static Dictionary<ulong, List<PacketProgram>> ByGroup(ImmutableArray<PacketProgram> programs)
    {
        Dictionary<ulong, List<PacketProgram>> byGroup = [];
        foreach (PacketProgram program in programs)
        {
            foreach (ulong group in program.Sees)
            {
                if (!byGroup.TryGetValue(group, out List<PacketProgram>? seeing))
                {
                    byGroup[group] = seeing = [];
                }

                seeing.Add(program);
            }
        }

        return byGroup;
    }

    // One comparer for one reference type: sorting by several keys of value types is compiled anew in every run.
    private static Comparer<Listener> ByPlace { get; } = Comparer<Listener>.Create(static (left, right) =>
        string.CompareOrdinal(left.Key, right.Key) is int byKey and not 0 ? byKey
        : IpAddress.Compare(left.Address, right.Address) is int byAddress and not 0 ? byAddress
        : string.CompareOrdinal(left.Interface, right.Interface) is int byInterface and not 0 ? byInterface
        : (left.LinkProtocol ?? -1).CompareTo(right.LinkProtocol ?? -1));

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
            Kernel = owner.Kernel,
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
        Programs = [.. sharers.SelectMany(one => one.Programs).Distinct()],
        Processes = [.. sharers.SelectMany(one => one.Processes).DistinctBy(process => process.Pid).OrderBy(process => process.Pid)],
    };
}
