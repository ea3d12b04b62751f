using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portcullis.Tests.Cli;

/// <summary>What is wrong with a SARIF log, by the clauses of the standard: those that its schema holds, and those that no schema can.</summary>
internal sealed partial class SarifFaults
{
    private readonly List<string> _faults = [];

    private SarifFaults()
    {
    }

    /// <summary>"runs[0].results[3].level: … (3.27.10)" for each fault; empty for a valid log.</summary>
    internal static IReadOnlyList<string> Of(byte[] log)
    {
        SarifFaults reader = new();
        if (log is [0xEF, 0xBB, 0xBF, ..])
        {
            return ["begins with a byte order mark (RFC 8259, section 8.1)"];
        }

        using JsonDocument document = JsonDocument.Parse(log);
        reader.Object(document.RootElement, "sarifLog", "", "3.13");
        if (reader._faults.Count == 0)
        {
            foreach (JsonElement run in document.RootElement.GetProperty("runs").EnumerateArray())
            {
                reader.References(run);
            }
        }

        return reader._faults;
    }

    private void Fault(string place, string what, string clause) => _faults.Add($"{place}: {what} ({clause})");

    private void Object(JsonElement value, string name, string place, string clause)
    {
        SarifShape shape = SarifShape.All[name];
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(place, $"is no {name}", clause);
            return;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty one in value.EnumerateObject())
        {
            string here = place.Length == 0 ? one.Name : $"{place}.{one.Name}";
            if (!seen.Add(one.Name))
            {
                Fault(here, "stands there twice", "RFC 8259, section 4");
            }

            if (shape.Properties.TryGetValue(one.Name, out SarifProperty? property))
            {
                Value(one.Value, property.Kind, here, property.Clause);
            }
            else
            {
                Fault(here, $"is no property of {name} that we know", shape.Clause);
            }
        }

        foreach (string need in shape.Needs.Where(need => !need.Split('|').Any(seen.Contains)))
        {
            Fault(place, $"has no {need.Replace("|", " and no ", StringComparison.Ordinal)}", shape.Clause);
        }
    }

    private void Value(JsonElement value, string kind, string place, string clause)
    {
        if (kind[0] == '[')
        {
            Array(value, kind, place, clause);
        }
        else if (kind[0] == '(')
        {
            Check(value.ValueKind == JsonValueKind.String && kind[1..^1].Split(',').Contains(value.GetString()), $"is none of {kind}");
        }
        else if (SarifShape.All.ContainsKey(kind))
        {
            Object(value, kind, place, clause);
        }
        else if (kind is "propertyBag" or "texts")
        {
            Check(value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(one => kind == "propertyBag" || one.Value.ValueKind == JsonValueKind.String), $"is no {kind}");
            if (kind == "propertyBag" && value.ValueKind == JsonValueKind.Object && value.TryGetProperty("tags", out JsonElement tags))
            {
                Array(tags, "[text]!", place + ".tags", "3.8.2");
            }
        }
        else
        {
            Check(IsScalar(value, kind), $"is no {kind}: {value}");
        }

        void Check(bool isRight, string what)
        {
            if (!isRight)
            {
                Fault(place, what, clause);
            }
        }
    }

    private void Array(JsonElement value, string kind, string place, string clause)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fault(place, "is no array", clause);
            return;
        }

        bool isUnique = kind.EndsWith('!');
        HashSet<string> seen = new(StringComparer.Ordinal);
        int at = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            Value(item, kind.TrimEnd('!')[1..^1], FormattableString.Invariant($"{place}[{at++}]"), clause);
            if (isUnique && !seen.Add(item.ToString()))
            {
                Fault(place, "has two equal items", "3.7.3");
            }
        }
    }

    private static bool IsScalar(JsonElement value, string kind) => (value.ValueKind, kind) switch
    {
        (JsonValueKind.True or JsonValueKind.False, "bool") => true,
        (JsonValueKind.Number, "line") => value.TryGetInt32(out int line) && line >= 1,
        (JsonValueKind.Number, "index") => value.TryGetInt32(out int index) && index >= 0, // 3.7.4; -1 would be "none"
        (JsonValueKind.String, "text") => value.GetString()!.Length > 0,
        (JsonValueKind.String, "uri") => AbsoluteUri().IsMatch(value.GetString()!),
        (JsonValueKind.String, "uri-reference") => AbsoluteUri().IsMatch(value.GetString()!) || RelativeReference().IsMatch(value.GetString()!),

        // A lone brace is the beginning of a placeholder (3.11.5), "[text](target)" a link (3.11.6); we write neither.
        (JsonValueKind.String, "message-text") => value.GetString() is { Length: > 0 } text && !text.Contains("](", StringComparison.Ordinal) && !Doubled().Replace(text, "").AsSpan().ContainsAny('{', '}'),
        _ => false,
    };

    /// <summary>What one part says of another.</summary>
    private void References(JsonElement run)
    {
        JsonElement driver = run.GetProperty("tool").GetProperty("driver");
        string[] rules = Ids("rules");
        string[] notifications = Ids("notifications");
        foreach (JsonElement result in Items(run, "results"))
        {
            Same(result, "ruleIndex", "ruleId", rules, "3.27.6");
        }

        foreach (JsonElement notification in Items(run, "invocations").SelectMany(one => Items(one, "toolExecutionNotifications")))
        {
            Same(notification.GetProperty("descriptor"), "index", "id", notifications, "3.52.5");
        }

        string[] Ids(string name) => [.. Items(driver, name).Select(one => one.GetProperty("id").GetString()!)];
    }

    private void Same(JsonElement reference, string index, string id, string[] ids, string clause)
    {
        if (reference.TryGetProperty(index, out JsonElement at) && ids.ElementAtOrDefault(at.GetInt32()) is var named && named != reference.GetProperty(id).GetString())
        {
            Fault(index, $"{at} is {named ?? "nothing"}, and not {reference.GetProperty(id)}", clause);
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement items) ? items.EnumerateArray() : default;

    // RFC 3986, sections 3 and 4.2: the framework's own reading refuses what it finds unwise, such as an encoded mark of direction.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})+([?#]([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AbsoluteUri();

    [GeneratedRegex(@"^([A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})*(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RelativeReference();

    [GeneratedRegex(@"\{\{|\}\}", RegexOptions.None, 1000)]
    private static partial Regex Doubled();
}
