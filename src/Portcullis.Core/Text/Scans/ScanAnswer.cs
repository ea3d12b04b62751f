using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Scans;

/// <summary>Reads what <c>portcullis scan --json</c> printed on another machine.</summary>
public static class ScanAnswer
{
    private const string SchemaName = "portcullis/scan/1";

    // The words of the shape; the names of the counts differ in one.
    private static readonly (string Word, string Count, PortState State)[] s_states =
    [
        ("open", "open", PortState.Open), ("closed", "closed", PortState.Closed), ("filtered", "filtered", PortState.Filtered), ("rejected", "rejected", PortState.Rejected),
        ("open-or-filtered", "openOrFiltered", PortState.OpenOrFiltered), ("unknown", "unknown", PortState.Unknown),
    ];

    /// <summary>Reads it. It may come from anywhere, and tell anything.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="address">The address that was asked.</param>
    /// <param name="tcp">The TCP ports that were asked.</param>
    /// <param name="udp">The UDP ports that were asked.</param>
    /// <param name="report">What was found: a state for each of the ports; null where the text is no such answer.</param>
    /// <param name="error">What is wrong; null where nothing is.</param>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, IpAddress address, ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp, out ScanReport? report, out string? error)
    {
        report = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 16 });
            error = Read(document.RootElement, address, tcp, udp, ref report);
        }
        catch (JsonException)
        {
            error = "it is no JSON";
        }
        catch (InvalidOperationException)
        {
            error = "a value in it is of another kind than expected"; // a number where a text should be, or no valid UTF-8
        }

        return error is null;
    }

    private static string? Read(JsonElement root, IpAddress address, ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp, ref ScanReport? report)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out JsonElement schema) || schema.GetString() != SchemaName)
        {
            return $"it is not of the shape {SchemaName}";
        }

        if (!root.TryGetProperty("address", out JsonElement asked) || asked.GetString() is not string told || !IpAddress.TryParse(told, out IpAddress scanned) || scanned != address)
        {
            return "it is about another address";
        }

        Dictionary<(Protocol, ushort), ScannedPort> ports = [];
        if (!root.TryGetProperty("ports", out JsonElement list) || Ports(list, ports) is not null || !root.TryGetProperty("summary", out JsonElement summary))
        {
            return list.ValueKind == JsonValueKind.Array ? Ports(list, []) ?? "its summary is missing" : "its list of ports is missing";
        }

        if (Rest(summary, [.. ports.Values], tcp.Length + udp.Length, out PortState? rest) is string wrong)
        {
            return wrong;
        }

        ImmutableArray<ScannedPort>.Builder all = ImmutableArray.CreateBuilder<ScannedPort>(tcp.Length + udp.Length);
        foreach ((Protocol protocol, ushort port) in tcp.Select(static port => (Protocol.Tcp, port)).Concat(udp.Select(static port => (Protocol.Udp, port))))
        {
            // A port that is neither told nor counted was not asked: a machine's own canary, for one.
            all.Add(ports.GetValueOrDefault((protocol, port)) ?? new ScannedPort(protocol, port, rest ?? PortState.Unknown));
        }

        report = new ScanReport
        {
            Target = address.ToString(),
            Address = address,
            Source = root.TryGetProperty("source", out JsonElement source) && source.ValueKind == JsonValueKind.String && IpAddress.TryParse(source.GetString()!, out IpAddress from) ? from : null,
            Ports = all.ToImmutable(),
            Gaps = GapsOf(root),
        };
        return null;
    }

    private static string? Ports(JsonElement list, Dictionary<(Protocol, ushort), ScannedPort> ports)
    {
        foreach (JsonElement one in list.EnumerateArray())
        {
            string? protocol = one.GetProperty("protocol", out JsonElement word) ? word.GetString() : null;
            string? state = one.GetProperty("state", out word) ? word.GetString() : null;
            int known = Array.FindIndex(s_states, row => row.Word == state);
            if (protocol is not ("tcp" or "udp") || known < 0 || !one.GetProperty("port", out word) || !word.TryGetUInt16(out ushort port))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the port at place {ports.Count + 1} of its list is none");
            }

            Protocol of = protocol == "tcp" ? Protocol.Tcp : Protocol.Udp;
            ports[(of, port)] = new ScannedPort(of, port, s_states[known].State);
        }

        return null;
    }

    private static bool GetProperty(this JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value);
    }

    /// <summary>The state of all ports that are not told: the only one of which more are counted than are told.</summary>
    private static string? Rest(JsonElement summary, IReadOnlyCollection<ScannedPort> told, int asked, out PortState? rest)
    {
        rest = null;
        foreach ((_, string name, PortState state) in s_states)
        {
            int count = summary.GetProperty(name, out JsonElement number) && number.TryGetInt32(out int counted) ? counted : 0;
            int listed = told.Count(port => port.State == state);
            if (count < listed || count > asked + 1)
            {
                return "its counts do not fit its list of ports";
            }

            if (count > listed)
            {
                if (rest is not null)
                {
                    return "its counts do not fit its list of ports";
                }

                rest = state;
            }
        }

        return null;
    }

    private static ImmutableArray<Gap> GapsOf(JsonElement root)
    {
        ImmutableArray<Gap>.Builder gaps = ImmutableArray.CreateBuilder<Gap>();
        foreach (JsonElement gap in root.TryGetProperty("gaps", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default)
        {
            gaps.Add(new Gap(Text(gap, "what") ?? "something", Text(gap, "why") ?? "not told", Text(gap, "remedy")));
        }

        // Who says nothing of being complete is not.
        if (gaps.Count == 0 && !(root.TryGetProperty("complete", out JsonElement complete) && complete.ValueKind == JsonValueKind.True))
        {
            gaps.Add(new Gap("the scan", "it says that it is not complete", null));
        }

        return gaps.ToImmutable();
    }

    private static string? Text(JsonElement element, string name) =>
        element.GetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
