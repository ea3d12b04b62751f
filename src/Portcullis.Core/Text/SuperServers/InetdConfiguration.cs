using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.SuperServers;

/// <summary>inetd.conf(5), as openbsd-inetd, inetutils-inetd and the BSDs read it.</summary>
public static class InetdConfiguration
{
    // More would not fit the file's first megabyte in any sensible form.
    private const int MostEntries = 10000;

    /// <summary>Reads a file: "[address:]service type protocol wait user program argument …". It never throws.</summary>
    /// <param name="text">The file.</param>
    /// <param name="path">Its path, for <see cref="SuperServerEntry.Source"/>.</param>
    /// <param name="services">The machine's names of ports.</param>
    public static SuperServerText Parse(string text, string path, ServiceNames services)
    {
        ImmutableArray<SuperServerEntry>.Builder entries = ImmutableArray.CreateBuilder<SuperServerEntry>();
        ImmutableArray<LineError>.Builder errors = ImmutableArray.CreateBuilder<LineError>();
        string? hosts = null;
        foreach ((int line, string[] fields) in Lines(text))
        {
            // An address alone counts for all lines that follow without one; "*:" ends that.
            if (fields.Length == 1 && fields[0].EndsWith(':'))
            {
                hosts = fields[0][..^1];
                continue;
            }

            string? error = Read(line, fields, hosts, path, services, entries);
            if (error is not null)
            {
                errors.Add(new LineError(line, error));
            }

            if (entries.Count + errors.Count > MostEntries)
            {
                errors.Add(new LineError(line, "there are too many lines"));
                break;
            }
        }

        return new SuperServerText(entries.ToImmutable(), errors.ToImmutable());
    }

    private static string? Read(int line, string[] fields, string? hosts, string path, ServiceNames services, ImmutableArray<SuperServerEntry>.Builder entries)
    {
        if (fields.Length < 6)
        {
            return "it has fewer than six fields";
        }

        // A socket of the file system is nobody's port.
        if (fields[2] == "unix")
        {
            return null;
        }

        bool rpc = fields[2].StartsWith("rpc/", StringComparison.Ordinal);
        if (TransportName.Of(rpc ? fields[2]["rpc/".Length..] : fields[2]) is not TransportName transport)
        {
            return $"the protocol {fields[2]} is not known";
        }

        int colon = fields[0].LastIndexOf(':');
        string service = fields[0][(colon + 1)..];
        string? host = colon > 0 ? fields[0][..colon] : hosts;

        // The portmapper chooses the port of an RPC service, and tcpmux's services have none of their own.
        bool hasPort = !rpc && !service.StartsWith("tcpmux/", StringComparison.Ordinal);
        int? port = hasPort ? services.PortOf(service, transport.Name) : null;
        string? error = hasPort && port is null ? $"the port of {service} is not in /etc/services" : null;
        foreach (string one in (host ?? "*").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            IpAddress? address = AddressOf(one, transport);
            error ??= address is null && one is not "*" ? $"the address of {one} is not known" : null;
            entries.Add(new SuperServerEntry
            {
                Server = "inetd",
                Service = service,
                Protocol = transport.Protocol,
                Port = port,
                Address = address,
                Program = ProgramOf(fields),
                User = fields[4].Split('.', ':', '/')[0] is { Length: > 0 } user ? user : null,
                Source = string.Create(CultureInfo.InvariantCulture, $"{path}:{line}"),
            });
        }

        return error;
    }

    private static IpAddress? AddressOf(string host, TransportName transport) => host switch
    {
        "*" => transport.Any,
        "localhost" => transport.Any?.Version == IpVersion.V6 ? IpAddress.FromV6(0, 1) : IpAddress.FromV4(0x7f000001),
        _ => IpAddress.TryParse(host.Trim('[', ']'), out IpAddress address) ? address : null,
    };

    // tcpd(8) looks at the caller and then becomes the program that its first argument names.
    private static string? ProgramOf(string[] fields) =>
        fields[5] is "internal" ? null
        : fields[5].EndsWith("/tcpd", StringComparison.Ordinal) && fields.Length > 6 && fields[6].StartsWith('/') ? fields[6]
        : fields[5];

    // A line that begins with a blank goes on with the one before.
    private static IEnumerable<(int Line, string[] Fields)> Lines(string text)
    {
        string[] raw = text.Split('\n');
        List<string> fields = [];
        int first = 0;
        for (int at = 0; at < raw.Length; at++)
        {
            string line = raw[at].TrimEnd('\r');
            bool goesOn = line.Length > 0 && line[0] is ' ' or '\t';
            if (!goesOn && fields.Count > 0)
            {
                yield return (first, fields.ToArray());
                fields.Clear();
            }

            if (line.Length > 0 && line[0] != '#')
            {
                first = fields.Count == 0 ? at + 1 : first;
                fields.AddRange(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).TakeWhile(static word => word[0] != '#'));
            }
        }

        if (fields.Count > 0)
        {
            yield return (first, fields.ToArray());
        }
    }
}
