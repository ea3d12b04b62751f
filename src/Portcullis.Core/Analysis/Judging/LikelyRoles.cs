using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Recognises what a machine seems to be for, by what runs on it.</summary>
internal static class LikelyRoles
{
    private const int Buckets = 256;

    /// <summary>
    /// The names of the roles one of whose necessary services runs here, held by what the role gives it to. A role that needs none of
    /// its services is recognised by one that others hear and that no other role has: a port that several roles share would
    /// otherwise bring all of them.
    /// </summary>
    internal static ImmutableArray<string> Of(Judgement judgement)
    {
        List<Place>[] places = Places(judgement.Catalogue);
        HashSet<string> loose = [.. judgement.Catalogue.Roles.Where(role => role.Name != Role.Base && role.Services.All(service => service.Optional)).Select(role => role.Name)];
        SortedSet<string> found = new(StringComparer.Ordinal);
        List<Place> fitting = [];
        foreach (Listener listener in judgement.Listeners)
        {
            fitting.Clear();
            foreach (Place place in places[listener.Port % Buckets])
            {
                if (place.Service.Includes(listener.Protocol, listener.Port) && Is(judgement, listener, place.Role, place.Service))
                {
                    fitting.Add(place);
                }
            }

            foreach ((Role role, RoleService service) in fitting)
            {
                if (!service.Optional || (loose.Contains(role.Name) && IsTelling(listener, service) && fitting.TrueForAll(other => other.Role.Name == role.Name)))
                {
                    found.Add(role.Name);
                }
            }
        }

        return [.. found];
    }

    /// <summary>A service of the catalogue.</summary>
    private sealed record Place(Role Role, RoleService Service);

    /// <summary>The catalogue's services by the remainder of their ports, so that each of a machine's thousand listeners is held against few.</summary>
    private static List<Place>[] Places(RoleCatalogue catalogue)
    {
        List<Place>[] places = new List<Place>[Buckets];
        for (int at = 0; at < Buckets; at++)
        {
            places[at] = [];
        }

        foreach (Role role in catalogue.Roles)
        {
            foreach (RoleService service in role.Services)
            {
                Place place = new(role, service);
                foreach (ServicePort ports in service.Ports)
                {
                    for (int port = ports.Ports.First; port <= ports.Ports.Last && port < ports.Ports.First + Buckets; port++)
                    {
                        List<Place> bucket = places[port % Buckets];
                        if (bucket.Count == 0 || !ReferenceEquals(bucket[^1], place))
                        {
                            bucket.Add(place);
                        }
                    }
                }
            }
        }

        return places;
    }

    /// <summary>
    /// Whether a service says what the machine does for others: heard by them, on a port kept for it, by a program that the role
    /// names, or by the kernel. Packet sockets are had by too many.
    /// </summary>
    private static bool IsTelling(Listener listener, RoleService service) =>
        listener.Scope != Scope.Loopback && listener.Protocol != Protocol.Packet && (listener.Protocol == Protocol.Raw || AllowList.IsTold(listener.Protocol, listener.Port, service))
        && (!service.By.IsEmpty || listener.Holder.Kind == HolderKind.Kernel);

    /// <summary>
    /// Whether a listener on a role's port plainly is that service: not by the port alone, but by who holds it. What listens on loopback
    /// alone serves nobody else: the mail server of a machine's own programs makes no mail server of it.
    /// </summary>
    private static bool Is(Judgement judgement, Listener listener, Role role, RoleService service)
    {
        if (listener.Namespace != NetworkNamespace.HostName || (listener.Scope == Scope.Loopback && service.From.Any(zone => zone != Zone.Host)))
        {
            return false;
        }

        bool isKernel = listener.Holder.Kind == HolderKind.Kernel;
        bool isHeld = service.By.IsEmpty
            ? judgement.IdentityOf(listener)?.Ports.Contains(listener.Port) == true && (isKernel || !listener.Processes.IsEmpty)
            : !isKernel && (!listener.Processes.IsEmpty || listener.Unit is not null);
        return isHeld && Belonging.WhyNot(listener) is null && Belonging.WhyNot(listener, service, role) is null;
    }
}
