using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Recognises what a machine seems to be for, by what runs on it.</summary>
internal static class LikelyRoles
{
    /// <summary>The names of the roles one of whose necessary services runs here, held by what the role gives it to.</summary>
    internal static ImmutableArray<string> Of(Judgement judgement) =>
    [
        .. judgement.Catalogue.Roles
            .Where(role => role.Name != Role.Base && role.Services.Any(service => !service.Optional && judgement.Listeners.Any(listener => Is(judgement, listener, role, service))))
            .Select(role => role.Name)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Whether a listener plainly is a role's service: not by the port alone, but by who holds it. What listens on loopback alone
    /// serves nobody else: the mail server of a machine's own programs makes no mail server of it.
    /// </summary>
    internal static bool Is(Judgement judgement, Listener listener, Role role, RoleService service) =>
        listener.Namespace == NetworkNamespace.HostName
        && service.Includes(listener.Protocol, listener.Port)
        && (listener.Scope != Scope.Loopback || service.From.All(zone => zone == Zone.Host))
        && Belonging.WhyNot(listener) is null
        && Belonging.WhyNot(listener, service, role) is null
        && (service.By.IsEmpty ? judgement.IdentityOf(listener)?.Ports.Contains(listener.Port) == true && !listener.Processes.IsEmpty : !listener.Processes.IsEmpty || listener.Unit is not null);
}
