using System;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>Ports as a person lists them: "22,80,8000-8100,53/udp,postgresql,all,udp".</summary>
/// <param name="Tcp">The TCP ports, sorted, each once.</param>
/// <param name="Udp">The UDP ports, sorted, each once.</param>
public sealed record PortList(ImmutableArray<ushort> Tcp, ImmutableArray<ushort> Udp)
{
    private const ushort First = 1; // port 0 is reserved (RFC 6335, 6): whoever wants it asks for it by number
    private const ushort Last = 65_535;
    private const int MostOfOne = 4; // of a range that one service has, the first few will do

    private static readonly Lazy<ImmutableArray<ushort>> s_interestingUdp = new(Interesting); // all that is known of ports is read for it

    /// <summary>All TCP ports.</summary>
    public static PortList AllTcp { get; } = new(All(), []);

    /// <summary>The UDP ports on which a service is known that answers, or is abused: those that are worth the time that UDP takes.</summary>
    public static ImmutableArray<ushort> InterestingUdp => s_interestingUdp.Value;

    /// <summary>Reads a list.</summary>
    /// <param name="text">Ports, ranges, names, "all" (all TCP ports) or "udp" (the interesting UDP ports), with commas between; TCP where "/udp" is not said.</param>
    /// <param name="error">Why it is none; null where it is one.</param>
    /// <returns>The ports; null where the text is no list.</returns>
    public static PortList? Parse(string text, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        PortSet tcp = new();
        PortSet udp = new();
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            error = Add(item, tcp, udp);
            if (error is not null)
            {
                return null;
            }
        }

        error = null;
        return new PortList(tcp.InOrder(), udp.InOrder());
    }

    private static string? Add(string item, PortSet tcp, PortSet udp)
    {
        switch (item)
        {
            case "":
                return "a port is missing; write ports like 22,80,8000-8100,53/udp";
            case "all":
                tcp.Add(First, Last);
                return null;
            case "udp":
                foreach (ushort port in InterestingUdp)
                {
                    udp.Add(port);
                }

                return null;
        }

        if (!char.IsAsciiDigit(item[0]) && item[0] != '-')
        {
            return AddNamed(item, tcp, udp);
        }

        string[] parts = item.Split('/');
        string[] ends = parts[0].Split('-');
        bool isKnown = parts.Length == 1 || (parts.Length == 2 && parts[1] is "tcp" or "udp");
        if (!isKnown)
        {
            return $"'{item}': only TCP and UDP ports can be scanned; write {parts[0]}/tcp or {parts[0]}/udp";
        }

        int last = 0;
        if (ends.Length > 2 || !TryPort(ends[0], out int first) || !TryPort(ends[^1], out last) || first > last)
        {
            return $"'{item}' is no port and no range of ports; ports go from 0 to 65535, ranges like 8000-8100";
        }

        (parts.Length == 2 && parts[1] == "udp" ? udp : tcp).Add((ushort)first, (ushort)last);
        return null;
    }

    private static ImmutableArray<ushort> All()
    {
        PortSet all = new();
        all.Add(First, Last);
        return all.InOrder();
    }

    private static ImmutableArray<ushort> Interesting()
    {
        PortSet ports = new();
        foreach (PortFacts facts in PortKnowledge.All())
        {
            if (facts.Protocol == Protocol.Udp)
            {
                ports.Add((ushort)facts.Ports.First, (ushort)Math.Min(facts.Ports.Last, facts.Ports.First + MostOfOne - 1));
            }
        }

        return ports.InOrder();
    }

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= Last;

    private static string? AddNamed(string name, PortSet tcp, PortSet udp)
    {
        ImmutableArray<PortQuestion> found = Explain.Parse(name, out string? error);
        foreach (PortQuestion one in found)
        {
            if (one.Protocol is Protocol.Tcp or Protocol.Udp)
            {
                (one.Protocol == Protocol.Tcp ? tcp : udp).Add((ushort)one.Port);
            }
        }

        return error;
    }
}
