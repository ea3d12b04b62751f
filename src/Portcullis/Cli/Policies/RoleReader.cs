using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>Makes roles of mappings, those of the catalogue and a policy's own alike.</summary>
internal static class RoleReader
{
    /// <summary>Makes a role, without what its included roles bring.</summary>
    /// <exception cref="InputException">Something in it cannot be used.</exception>
    internal static Role Read(string name, YamlFields fields)
    {
        fields.Allow("summary", "include", "services", "forwards", "sources");
        List<RoleService> services = [];
        if (fields.Fields("services") is YamlFields all)
        {
            foreach (YamlNode.Text service in all.Names)
            {
                services.Add(Service(service.Value, all.Fields(service.Value)!));
            }
        }

        ImmutableArray<string> includes = [.. fields.Texts("include").Select(text => text.Value)];
        if (services.Count == 0 && includes.IsEmpty && !fields.Flag("forwards"))
        {
            throw fields.Error("services", $"the role {name} allows nothing: name at least one service");
        }

        return new Role
        {
            Name = name,
            Summary = fields.Text("summary"),
            Services = [.. services],
            Includes = includes,
            Forwards = fields.Flag("forwards"),
            Sources = [.. fields.Texts("sources").Select(text => text.Value)],
        };
    }

    /// <summary>The ports that a service is known by.</summary>
    internal static ImmutableArray<ServicePort> PortsOf(string service)
    {
        ImmutableArray<ServicePort> known =
            [.. PortKnowledge.FindByName(service).Where(facts => facts.Name == service).Select(facts => new ServicePort(facts.Protocol, facts.Ports)).Distinct()];
        return !known.IsEmpty
            ? known
            : [.. Registry.FindByName(service).Where(entry => entry.Protocol is Protocol.Tcp or Protocol.Udp).Select(entry => new ServicePort(entry.Protocol, entry.Ports)).Distinct()];
    }

    /// <summary>Reads ports such as "22/tcp".</summary>
    internal static ImmutableArray<ServicePort> Ports(YamlFields fields, string name) =>
    [
        .. fields.Texts(name).Select(text => ServicePort.Parse(text.Value)
            ?? throw fields.Error(name, text, text.Value.Contains('/', StringComparison.Ordinal)
                ? $"'{text.Value}' is no port; ports go from 0 to 65535, as in 22/tcp, 53/udp or 10000-20000/udp"
                : $"'{text.Value}' lacks its protocol; write {text.Value}/tcp or {text.Value}/udp")),
    ];

    private static RoleService Service(string name, YamlFields fields)
    {
        fields.Allow("from", "else", "ports", "optional", "by", "why");
        ImmutableArray<ServicePort> ports = fields.Has("ports") ? Ports(fields, "ports") : PortsOf(name);
        if (ports.IsEmpty)
        {
            throw fields.Error("ports", $"{name} is no service that is known here; say its ports, such as ports: [8080/tcp]");
        }

        ImmutableArray<string> from = [.. fields.Texts("from").Select(text => text.Value)];
        return new RoleService
        {
            Name = name,
            Ports = ports,
            From = !from.IsEmpty ? from : throw fields.Error("from", "is missing: say who may reach the service, such as from: internet"),
            Else = fields.Text("else"),
            Optional = fields.Flag("optional"),
            By = [.. fields.Texts("by").Select(text => text.Value)],
            Why = fields.Text("why"),
        };
    }
}
