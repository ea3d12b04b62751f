using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.SuperServers;

/// <summary>One file of xinetd.conf(5): services, defaults, and the files it includes.</summary>
public sealed class XinetdConfiguration
{
    private const int MostSections = 10000;

    private readonly List<(int Line, string Name, Dictionary<string, string> Settings)> _sections = [];
    private readonly List<(string Path, bool IsDirectory)> _includes = [];
    private readonly List<LineError> _errors = [];

    private XinetdConfiguration()
    {
    }

    /// <summary>What it includes, in order: files, and directories all of whose files count.</summary>
    public IReadOnlyList<(string Path, bool IsDirectory)> Includes => _includes;

    /// <summary>The services that its defaults switch off by name.</summary>
    public IEnumerable<string> Disabled => Defaults("disabled");

    /// <summary>The services to which its defaults restrict it; empty for no restriction.</summary>
    public IEnumerable<string> Enabled => Defaults("enabled");

    /// <summary>Reads a file; it never throws.</summary>
    public static XinetdConfiguration Parse(string text)
    {
        XinetdConfiguration result = new();
        Dictionary<string, string>? settings = null;
        string[] lines = text.Split('\n');
        string? pending = null;
        for (int at = 0; at < lines.Length && result._sections.Count < MostSections; at++)
        {
            string line = lines[at].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (settings is not null)
            {
                settings = line[0] == '}' ? null : result.Set(settings, line, at + 1);
            }
            else if (line[0] == '{' && pending is not null)
            {
                settings = new Dictionary<string, string>(StringComparer.Ordinal);
                result._sections.Add((at + 1, pending, settings));
                pending = null;
            }
            else
            {
                pending = result.Begin(line, at + 1, ref settings);
            }
        }

        if (settings is not null)
        {
            result._errors.Add(new LineError(lines.Length, "the last section does not end"));
        }

        return result;
    }

    /// <summary>The services it listens for.</summary>
    /// <param name="path">The file's path, for <see cref="SuperServerEntry.Source"/>.</param>
    /// <param name="services">The machine's names of ports.</param>
    /// <param name="disabled">The names that any file's defaults switch off.</param>
    /// <param name="enabled">The names that any file's defaults restrict it to; empty for no restriction.</param>
    public SuperServerText Read(string path, ServiceNames services, IReadOnlyCollection<string> disabled, IReadOnlyCollection<string> enabled)
    {
        ImmutableArray<SuperServerEntry>.Builder entries = ImmutableArray.CreateBuilder<SuperServerEntry>();
        ImmutableArray<LineError>.Builder errors = ImmutableArray.CreateBuilder<LineError>();
        errors.AddRange(_errors);
        foreach ((int line, string name, Dictionary<string, string> settings) in _sections.Where(static section => section.Name.Length > 0))
        {
            string id = settings.GetValueOrDefault("id", name);
            if (settings.GetValueOrDefault("disable") == "yes" || disabled.Contains(id) || disabled.Contains(name)
                || (enabled.Count > 0 && !enabled.Contains(id) && !enabled.Contains(name)))
            {
                continue;
            }

            (SuperServerEntry? entry, string? error) = EntryOf(name, settings, services, string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"));
            if (entry is not null)
            {
                entries.Add(entry);
            }

            if (error is not null)
            {
                errors.Add(new LineError(line, error));
            }
        }

        return new SuperServerText(entries.ToImmutable(), errors.ToImmutable());
    }

    private static (SuperServerEntry? Entry, string? Error) EntryOf(string name, Dictionary<string, string> settings, ServiceNames services, string source)
    {
        string word = settings.GetValueOrDefault("protocol") ?? (settings.GetValueOrDefault("socket_type") == "dgram" ? "udp" : "tcp");
        if (TransportName.Of(word) is not TransportName transport)
        {
            return (null, $"the protocol {word} is not known");
        }

        string[] types = settings.GetValueOrDefault("type", string.Empty).Split(' ');
        string[] flags = settings.GetValueOrDefault("flags", string.Empty).Split(' ');
        bool rpc = types.Contains("RPC");
        int? port = rpc ? null : services.PortOf(settings.GetValueOrDefault("port") ?? name, transport.Name);
        string? error = port is null && !rpc ? $"the port of {name} is not known" : null;
        string? bind = settings.GetValueOrDefault("bind") ?? settings.GetValueOrDefault("interface");
        IpAddress? address = flags.Contains("IPv4") ? IpAddress.AnyV4 : transport.Any;
        if (bind is not null)
        {
            address = IpAddress.TryParse(bind, out IpAddress exact) ? exact : null;
            error ??= address is null ? $"the address of {bind} is not known" : null;
        }

        SuperServerEntry entry = new()
        {
            Server = "xinetd",
            Service = name,
            Protocol = transport.Protocol,
            Port = port,
            Address = address,
            Program = types.Contains("INTERNAL") ? null : settings.GetValueOrDefault("server"),
            User = settings.GetValueOrDefault("user"),
            Source = source,
        };
        return (entry, error);
    }

    private string? Begin(string line, int number, ref Dictionary<string, string>? settings)
    {
        string[] words = line.Replace("{", " { ", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is ["include" or "includedir", string path])
        {
            _includes.Add((path, words[0] == "includedir"));
            return null;
        }

        // The defaults are kept under the empty name.
        string? name = words switch { ["service", string service, ..] => service, ["defaults", ..] => string.Empty, _ => null };
        if (name is null)
        {
            _errors.Add(new LineError(number, "it is neither a section nor an include"));
            return null;
        }

        if (words[^1] != "{")
        {
            return name;
        }

        settings = new Dictionary<string, string>(StringComparer.Ordinal);
        _sections.Add((number, name, settings));
        return null;
    }

    // "name = values", "name += values", "name -= values"
    private Dictionary<string, string> Set(Dictionary<string, string> settings, string line, int number)
    {
        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            _errors.Add(new LineError(number, "it is no setting"));
            return settings;
        }

        char sign = line[equals - 1];
        string key = line[..(sign is '+' or '-' ? equals - 1 : equals)].Trim();
        string value = string.Join(' ', line[(equals + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        string before = settings.GetValueOrDefault(key, string.Empty);
        settings[key] = sign switch
        {
            '+' when before.Length > 0 => $"{before} {value}",
            '-' => string.Join(' ', before.Split(' ').Except(value.Split(' '))),
            _ => value,
        };
        return settings;
    }

    private IEnumerable<string> Defaults(string key) =>
        _sections.Where(static section => section.Name.Length == 0)
            .SelectMany(section => section.Settings.GetValueOrDefault(key, string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
