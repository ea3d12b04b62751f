using System;
using System.Collections.Immutable;
using System.Text.Json;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>What "portcullis audit --json" printed, read by the contract.</summary>
public sealed record ReportedAudit
{
    public required string Schema { get; init; }

    public required bool Complete { get; init; }

    public required ImmutableArray<ReportedGap> Gaps { get; init; }

    public required ImmutableArray<ReportedListener> Listeners { get; init; }

    public required ImmutableArray<ReportedFinding> Findings { get; init; }

    /// <summary>Reads it; anything else than the contract's shape fails the test with what was printed instead.</summary>
    public static ReportedAudit Parse(CommandResult audit) => Parse<ReportedAudit>(audit, audit.Output);

    /// <summary>Reads JSON with the contract's names.</summary>
    public static T Parse<T>(CommandResult from, string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            string printed = json.Length > 400 ? json[..400] : json;
            throw new InvalidOperationException(
                $"'{from.Command}' ended with {from.ExitCode} and printed no such JSON ({wrong.Message}): \"{printed}\" {from.Error}", wrong);
        }
    }
}

/// <summary>What could not be checked.</summary>
public sealed record ReportedGap(string What, string Why, string? Remedy);
