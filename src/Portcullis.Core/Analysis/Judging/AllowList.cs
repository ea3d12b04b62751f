using System;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Asks of each listener whether a role or an exception allows it. What neither does is not allowed.</summary>
internal sealed class AllowList
{
    // As many neighbouring ports as one service may plausibly hold; a wider range is about who holds it, and not about the number.
    private const int WidestTellingRange = 32;

    private readonly HostPolicy? _policy;
    private readonly ImmutableArray<Offer> _offers;
    private readonly DateTimeOffset _at;

    /// <summary>The list of a policy.</summary>
    /// <param name="policy">The policy; null where the machine has none, so that only what every machine needs is allowed.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    /// <param name="at">The time for which it is asked, UTC.</param>
    internal AllowList(HostPolicy? policy, RoleCatalogue catalogue, DateTimeOffset at)
    {
        _policy = policy;
        _at = at;
        _offers =
        [
            .. new[] { catalogue.Find(Role.Base) }.OfType<Role>().Concat(policy?.Roles ?? [])
                .SelectMany(role => role.Services, (role, service) => new Offer(role, service, policy?.SourcesOf(service) ?? service.From)),
        ];
    }

    /// <summary>What a role gives a service, under this policy.</summary>
    private sealed record Offer(Role Role, RoleService Service, ImmutableArray<string> From);

    /// <summary>What the policy says of the listener.</summary>
    internal Expectation Of(Listener listener)
    {
        Allowance? allowance = Covering(listener, holds: true);
        Allowance? expired = Covering(listener, holds: false);
        if (allowance is { Key: not null })
        {
            return Allowed(allowance);
        }

        if (listener.Namespace != NetworkNamespace.HostName)
        {
            return Expectation.Unspoken with { Expired = expired };
        }

        Expectation byRole = ByRole(listener);
        if (byRole.Expected == true)
        {
            return byRole;
        }

        if (allowance is not null && byRole.OutOfPlace is null)
        {
            return Allowed(allowance);
        }

        return byRole with { Expected = _policy is null ? null : false, Expired = expired };
    }

    /// <summary>The first role that allows it; else the first that would, if the right program held the port.</summary>
    private Expectation ByRole(Listener listener)
    {
        string? outOfPlace = Belonging.WhyNot(listener);
        Expectation? refused = null;
        foreach ((Role role, RoleService service, ImmutableArray<string> from) in _offers)
        {
            if (!service.Includes(listener.Protocol, listener.Port))
            {
                continue;
            }

            string? reason = outOfPlace ?? Belonging.WhyNot(listener, service, role);
            bool isTold = IsTold(listener.Protocol, listener.Port, service);
            if ((role.Name == Role.Base && !IsWithin(listener, from)) || (!isTold && IsUnseen(listener)))
            {
                continue;
            }

            if (reason is null)
            {
                return new Expectation { Expected = true, Role = role, Service = service, From = from };
            }

            // That every machine may have a resolver on port 53 says nothing of who else might hold it.
            refused ??= role.Name == Role.Base || !isTold ? null : new Expectation { Role = role, Service = service, OutOfPlace = reason };
        }

        return refused ?? new Expectation { OutOfPlace = outOfPlace };
    }

    /// <summary>
    /// Whether it is heard no further than the zones. The base role is in force unasked, so it excuses a resolver on loopback
    /// and not one on every interface; a socket without ports has no address that could be narrower.
    /// </summary>
    private static bool IsWithin(Listener listener, ImmutableArray<string> from) =>
        listener.Protocol is Protocol.Raw or Protocol.Packet || listener.Scope <= Audience.WidestOf(from);

    /// <summary>Whether the number alone says something: it is that of a port, and not one of a wide range kept for one program.</summary>
    internal static bool IsTold(Protocol protocol, int port, RoleService service)
    {
        bool isTold = service.By.IsEmpty;
        foreach (ServicePort one in service.Ports)
        {
            isTold |= protocol is not (Protocol.Raw or Protocol.Packet) && one.Includes(protocol, port) && one.Ports.Count <= WidestTellingRange;
        }

        return isTold;
    }

    /// <summary>The first exception that speaks of the listener and holds, or has expired.</summary>
    private Allowance? Covering(Listener listener, bool holds)
    {
        foreach (Allowance one in _policy?.Allow ?? [])
        {
            if (one.HoldsAt(_at) == holds && one.Covers(listener))
            {
                return one;
            }
        }

        return null;
    }

    private static bool IsUnseen(Listener listener) => listener.Container is null && listener.Processes.IsEmpty && listener.Unit is null;

    private static Expectation Allowed(Allowance allowance) => new() { Expected = true, Allowance = allowance, From = allowance.From };
}
