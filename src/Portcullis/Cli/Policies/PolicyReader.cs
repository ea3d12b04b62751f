using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Policies;

/// <summary>Makes a policy of a YAML file. What it does not understand it refuses: a policy half understood allows or forbids the wrong thing.</summary>
internal sealed class PolicyReader
{
    private static readonly string[] Kinds = ["service", "port", "key"];

    private readonly string _file;
    private readonly YamlFields _fields;
    private readonly RoleCatalogue _catalogue;

    private PolicyReader(string file, YamlNode root, RoleCatalogue catalogue)
    {
        _file = file;
        _fields = YamlFields.Of(file, "", root);
        _catalogue = catalogue;
    }

    /// <summary>Reads a policy.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="file">The name by which errors and findings speak of it.</param>
    /// <param name="catalogue">The roles that Portcullis brings with it.</param>
    /// <exception cref="InputException">It cannot be used: one line with file, line, key and the mend.</exception>
    internal static HostPolicy Read(ReadOnlySpan<byte> bytes, string file, RoleCatalogue catalogue) =>
        new PolicyReader(file, YamlFile.Read(bytes, file), catalogue).Policy();

    private HostPolicy Policy()
    {
        _fields.Allow("zones", "roles", "allow", "targets", "define");
        if (!_fields.Has("roles") && !_fields.Has("allow"))
        {
            throw YamlFile.ErrorAt(_file, _fields.Line, "roles: is missing; say what the machine is for, such as roles: [web-server, ssh-admin]");
        }

        Dictionary<string, Role> own = OwnRoles().ToDictionary(role => role.Name, StringComparer.Ordinal);
        HostPolicy policy = new()
        {
            Source = _file,
            Zones = [.. Zones()],
            Roles = [.. Roles(own)],
            Targets = [.. Targets()],
        };
        return CheckZones(policy with { Allow = [.. Allowances(policy)] });
    }

    private IEnumerable<Zone> Zones()
    {
        YamlFields? zones = _fields.Fields("zones");
        foreach (YamlNode.Text name in zones?.Names ?? [])
        {
            if (Zone.IsBuiltIn(name.Value))
            {
                throw zones!.Error(name.Value, $"this zone is built in ({string.Join(", ", Zone.BuiltIn)}): give yours another name");
            }

            HashSet<AddressBlock> seen = [];
            foreach (YamlNode.Text text in zones!.Texts(name.Value))
            {
                AddressBlock block = AddressBlock.Parse(text.Value, out string? error) ?? throw zones.Error(name.Value, text, $"'{text.Value}' {(error!.StartsWith("has", StringComparison.Ordinal) ? "" : "is ")}{error}");
                if (!seen.Add(block))
                {
                    throw zones.Error(name.Value, text, $"{block} stands here twice: take one out");
                }
            }

            yield return seen.Count > 0 ? new Zone(name.Value, [.. seen]) : throw zones.Error(name.Value, "has no addresses: name at least one, such as [10.0.5.0/24]");
        }
    }

    private IEnumerable<Role> OwnRoles()
    {
        YamlFields? define = _fields.Fields("define");
        if (define is null)
        {
            return [];
        }

        Role[] read = [.. define.Names.Select(name => RoleReader.Read(name.Value, define.Fields(name.Value)!))];
        try
        {
            return [.. RoleInclusion.Resolve(read, _catalogue.Find)];
        }
        catch (InputException wrong)
        {
            throw YamlFile.ErrorAt(_file, define.Line, wrong.Message);
        }
    }

    private IEnumerable<Role> Roles(Dictionary<string, Role> own)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (YamlNode.Text name in _fields.Texts("roles"))
        {
            if (!seen.Add(name.Value))
            {
                throw _fields.Error("roles", name, $"{name.Value} stands here twice: take one out");
            }

            yield return own.GetValueOrDefault(name.Value) ?? _catalogue.Find(name.Value)
                ?? throw _fields.Error("roles", name, Unknown(name.Value, _catalogue, own.Keys));
        }
    }

    /// <summary>What to say of a role that is not there.</summary>
    internal static string Unknown(string name, RoleCatalogue catalogue, IEnumerable<string> own) =>
        $"no role is named '{name}'{Spelling.Hint(name, catalogue.Roles.Select(role => role.Name).Concat(own))} (they are listed by: portcullis roles)";

    private IEnumerable<Allowance> Allowances(HostPolicy policy)
    {
        foreach (YamlFields one in _fields.Items("allow"))
        {
            one.Allow("service", "port", "key", "from", "reason", "owner", "expires");
            string[] kinds = [.. Kinds.Where(one.Has)];
            if (kinds.Length != 1)
            {
                throw YamlFile.ErrorAt(_file, one.Line, $"allow: exactly one of service, port and key is wanted, {(kinds.Length == 0 ? "and none is" : string.Join(" and ", kinds) + " are")} here");
            }

            string name = one.Text(kinds[0])!;
            ImmutableArray<ServicePort> ports = kinds[0] switch
            {
                "port" => RoleReader.Ports(one, "port"),
                "service" => RoleReader.PortsOf(name),
                _ => [],
            };
            if (kinds[0] == "service" && ports.IsEmpty)
            {
                throw one.Error("service", $"'{name}' is no service that is known here; name its port instead, such as port: 5432/tcp");
            }

            ImmutableArray<string> from = [.. one.Texts("from").Select(text => text.Value)];
            foreach (string zone in from.Where(zone => !policy.Knows(zone)))
            {
                throw one.Error("from", UnknownZone(zone, policy));
            }

            yield return new Allowance
            {
                Name = $"{kinds[0]} {name}",
                Ports = ports,
                Key = kinds[0] == "key" ? name : null,
                From = from.IsEmpty ? [Zone.Internet] : from,
                Reason = one.Text("reason") ?? throw YamlFile.ErrorAt(_file, one.Line, $"allow: {kinds[0]} {name} has no reason; add the line reason: TEXT"),
                Owner = one.Text("owner"),
                Expires = Date(one),
                Line = one.Line,
            };
        }
    }

    private static DateOnly? Date(YamlFields one) => one.Text("expires") switch
    {
        null => null,
        string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) => date,
        string text => throw one.Error("expires", $"'{text}' is no date; write it as 2027-03-31"),
    };

    private IEnumerable<ScanTarget> Targets()
    {
        foreach (YamlFields one in _fields.Items("targets"))
        {
            one.Allow("address", "owner");
            string address = one.Text("address") ?? throw YamlFile.ErrorAt(_file, one.Line, "targets: address is missing, such as address: 203.0.113.0/28");
            yield return new ScanTarget(AddressBlock.Parse(address, out string? error) ?? throw one.Error("address", $"'{address}': {error}"), one.Text("owner"));
        }
    }

    /// <summary>Refuses a role that lets in a zone which nobody defined.</summary>
    private HostPolicy CheckZones(HostPolicy policy)
    {
        foreach (Role role in policy.Roles)
        {
            foreach (RoleService service in role.Services)
            {
                foreach (string zone in policy.SourcesOf(service).IsEmpty ? service.From : service.Else is null ? service.From : [service.Else])
                {
                    if (!policy.Knows(zone))
                    {
                        throw YamlFile.ErrorAt(_file, _fields.LineOf("define"), $"define.{role.Name}.services.{service.Name}.from: {UnknownZone(zone, policy)}");
                    }
                }
            }
        }

        return policy;
    }

    private static string UnknownZone(string zone, HostPolicy policy) =>
        $"no zone is named '{zone}'{Spelling.Hint(zone, Zone.BuiltIn.Concat(policy.Zones.Select(one => one.Name)))}; define it, such as zones: {{ {zone}: [10.0.5.0/24] }}";
}
