using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Portcullis.KernelTests.Boxes;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Proving;

/// <summary>What <c>portcullis audit --prove --json</c> said of the host's own namespace; other tests' namespaces are seen as well.</summary>
internal sealed class ProvedAudit
{
    private readonly JsonElement _root;

    private ProvedAudit(CommandResult result)
    {
        Result = result;
        _root = ReportedAudit.Parse<JsonElement>(result, result.Output);
    }

    internal CommandResult Result { get; }

    /// <summary>"8080 10.77.0.1 reachable open proved" for each proof, sorted.</summary>
    internal IReadOnlyList<string> Proofs =>
    [
        .. _root.GetProperty("listeners").EnumerateArray().Where(static one => one.GetProperty("namespace").GetString() == "host").SelectMany(static one => one.GetProperty("proofs").EnumerateArray().Select(proof =>
            $"{one.GetProperty("port").GetInt32()} {Text(proof, "to")} {Text(proof, "claimed")} {Text(proof, "seen")} {Text(proof, "outcome")}")).Order(StringComparer.Ordinal),
    ];

    /// <summary>"PC7002 high host/tcp/31337" for each finding about what packets found.</summary>
    internal IReadOnlyList<string> Findings =>
        [.. _root.GetProperty("findings").EnumerateArray().Where(static one => Text(one, "id")!.StartsWith("PC7", StringComparison.Ordinal)).Select(static one => $"{Text(one, "id")} {Text(one, "severity")} {Text(one, "subject")}")];

    /// <summary>Where the packets came from, and by which interface, for each address asked.</summary>
    internal IReadOnlyList<string> Views =>
        [.. _root.GetProperty("outside").EnumerateArray().Select(static one => $"{Text(one, "address")} {Text(one, "source")} {Text(one, "destination")} {Text(one, "interface")}")];

    /// <summary>What was not seen, of what was asked from elsewhere.</summary>
    internal ImmutableArray<string> Gaps => [.. _root.GetProperty("gaps").EnumerateArray().Select(static gap => $"{Text(gap, "what")}: {Text(gap, "why")}").Where(static gap => !gap.StartsWith("owner of", StringComparison.Ordinal))];

    internal static ProvedAudit Parse(CommandResult result) => new(result);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
