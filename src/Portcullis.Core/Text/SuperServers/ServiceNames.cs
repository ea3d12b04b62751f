using System;
using System.Collections.Generic;
using System.Globalization;

namespace Portcullis.Core.Text.SuperServers;

/// <summary>The names of ports on one machine, by its services(5) file.</summary>
public sealed class ServiceNames
{
    // By "name/protocol": a protocol has no slash.
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

    private ServiceNames()
    {
    }

    /// <summary>Reads the file: "name port/protocol alias …". Of several lines with one name the first counts.</summary>
    public static ServiceNames Parse(string text)
    {
        ServiceNames names = new();
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            string line = text[range];
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            string[] words = (comment < 0 ? line : line[..comment]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            string[] port = words.Length > 1 ? words[1].Split('/') : [];
            if (port.Length != 2 || Number(port[0]) is not int number)
            {
                continue;
            }

            names._ports.TryAdd($"{words[0]}/{port[1]}", number);
            foreach (string alias in words.AsSpan(2))
            {
                names._ports.TryAdd($"{alias}/{port[1]}", number);
            }
        }

        return names;
    }

    /// <summary>The port of a name or of a number in digits; null where the file does not have it for this protocol.</summary>
    /// <param name="name">Such as "telnet" or "2323".</param>
    /// <param name="protocol">Such as "tcp".</param>
    public int? PortOf(string name, string protocol) => Number(name) ?? (_ports.TryGetValue($"{name}/{protocol}", out int port) ? port : null);

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535 ? port : null;
}
