using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Says facts about a listener in words. What a process chose itself is escaped where it is shown, not here.</summary>
public static class Wording
{
    /// <summary>"6379/tcp".</summary>
    internal static string Port(Listener listener) => listener.Protocol switch
    {
        Protocol.Packet => "packet socket",
        Protocol.Raw => string.Create(CultureInfo.InvariantCulture, $"raw socket for protocol {listener.Port}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{listener.Port}/{ListenerKey.Word(listener.Protocol)}"),
    };

    /// <summary>The shortest name of what holds it: the program's, else the unit's, else the holder's.</summary>
    internal static string Holder(Listener listener) =>
        listener.Container?.Name is string container ? $"the container {container}"
        : listener.SuperServer is SuperServerEntry entry ? $"{entry.Service} (by {entry.Server})"
        : OwnName(listener) ?? ServiceIdentity.ProgramOf(listener.Processes.FirstOrDefault(process => process.Pid != 1)) ?? listener.Processes.FirstOrDefault(process => process.Pid != 1)?.Name
        ?? listener.Unit?.Name ?? (listener.Holder.Kind == HolderKind.Unknown ? "something unseen" : listener.Holder.Kind == HolderKind.Kernel ? listener.Kernel is string own ? $"the kernel's {own}" : "the kernel" : listener.Holder.Name);

    /// <summary>
    /// The name of a process where its own unit bears it, too: Debian's redis-server is a link to redis-check-rdb, which is how the
    /// executable then reads. Alone the name proves nothing, since a process may choose it (PR_SET_NAME, prctl(2)).
    /// </summary>
    private static string? OwnName(Listener listener) =>
        listener.Unit is { Transient: false } unit
            ? listener.Processes.FirstOrDefault(process => process.Pid != 1 && process.Packaged == true && process.Script is null && unit.Name == process.Name + ".service")?.Name
            : null;

    /// <summary>Where it can be heard: "on every interface", "on loopback" …</summary>
    internal static string Where(Listener listener)
    {
        string where = listener.Scope switch
        {
            Scope.Loopback => "on loopback",
            Scope.Link => $"on the link, by {listener.Address}",
            Scope.Private => $"on the private address {listener.Address}",
            Scope.Address => $"on the public address {listener.Address}",
            Scope.Any => listener.Interface is string device ? $"on every address of {device}" : "on every interface",
        };
        return listener.Namespace == NetworkNamespace.HostName ? where : $"{where} of the network namespace {listener.Namespace}";
    }

    /// <summary>The first fact of every finding about a listener: where it is bound, and who holds it.</summary>
    public static string Binding(Listener listener)
    {
        string address = listener.Address is not IpAddress bound ? "" : bound.Version == IpVersion.V6 ? $" [{bound}]" : $" {bound}";
        List<string> holders = [];
        if (listener.Unit is UnitFacts unit)
        {
            holders.Add(unit.Enabled is null ? unit.Name : $"{unit.Name} ({unit.Enabled})");
        }

        if (listener.Processes is [ProcessFacts process, ..])
        {
            holders.Add(process.User is string user ? $"{process.Executable ?? process.Name}, user {user}" : process.Executable ?? process.Name);
        }

        if (listener.Package is PackageFacts package)
        {
            holders.Add($"package {package.Name} {package.Version}");
        }

        return $"{Port(listener)}{address}: {(holders.Count == 0 ? "no holder was seen" : "held by " + string.Join(", ", holders))}";
    }

    /// <summary>What is known of the service: what it is, how it is abused, whom it is meant for.</summary>
    internal static IEnumerable<string> Known(PortFacts facts)
    {
        yield return facts.What;
        if (facts.Abuse is string abuse)
        {
            yield return "abused: " + abuse;
        }

        if (facts.Exposure is AdvisedExposure exposure)
        {
            yield return "meant for: " + exposure switch
            {
                AdvisedExposure.None => "nobody; it should be off or replaced",
                AdvisedExposure.Loopback => "this host only",
                AdvisedExposure.Management => "administrators only",
                AdvisedExposure.Private => "the private network only",
                AdvisedExposure.Internet => "anybody",
            };
        }
    }

    /// <summary>What is not sure of a service that was taken for a hazard: which one it is, and whether it can be read on the way.</summary>
    internal static IEnumerable<string> Unsure(Listener listener, PortFacts facts, ImmutableArray<PortFacts> candidates)
    {
        if (!candidates.IsEmpty)
        {
            yield return $"{Holder(listener)} is known for {string.Join(", ", candidates.Select(one => one.Name).Distinct(StringComparer.Ordinal))}; on the port of none it is taken for the worst of them";
        }

        if (facts.ClearText == ClearText.Optional && ProgramKnowledge.KindOf(facts.Name) == ServiceKind.Login)
        {
            yield return "whether its configuration requires TLS before a login was not checked";
        }
    }

    /// <summary>What the policy says of something that it does not allow.</summary>
    internal static IEnumerable<string> NotAllowed(HostPolicy? policy, Expectation expectation)
    {
        if (policy is not null && expectation.Expected == false)
        {
            yield return policy.Roles.IsEmpty
                ? $"{policy.Source} names no role and no exception that allows it"
                : $"no role ({string.Join(", ", policy.Roles.Select(role => role.Name))}) and no exception of {policy.Source} allows it";
        }

        if (expectation.Expired is Allowance expired)
        {
            yield return $"an exception allowed it ({expired.Reason}) until it expired on {expired.Expires:yyyy-MM-dd}";
        }

        if (expectation.OutOfPlace is string reason)
        {
            yield return reason;
        }
    }

    /// <summary>The file that opens the port; null where that is not known.</summary>
    internal static string? Location(Listener listener) =>
        listener.SuperServer?.Source ?? listener.Unit?.Fragment ?? listener.Unit?.SourcePath;

    /// <summary>A finding about a listener.</summary>
    internal static Finding Finding(string id, Severity severity, string title, Listener listener, IEnumerable<string> evidence, string remedy) => new()
    {
        Id = id,
        Severity = severity,
        Title = title,
        Subject = listener.Key,
        Evidence = [Binding(listener), .. evidence],
        Remedy = remedy,
        Location = Location(listener),
    };
}
