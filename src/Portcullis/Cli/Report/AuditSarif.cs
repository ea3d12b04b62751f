using System;
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Cli.Table;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>
/// Writes the findings of an assessment as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for the programs that
/// gather findings of many tools. What could not be checked is a notification, and then the execution was not successful.
/// </summary>
internal sealed class AuditSarif
{
    internal const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private const string NotSeen = "not-seen";

    private readonly Utf8JsonWriter _writer;
    private readonly Assessment _assessment;
    private readonly ImmutableArray<string> _rules;

    private AuditSarif(Utf8JsonWriter writer, Assessment assessment)
    {
        _writer = writer;
        _assessment = assessment;
        _rules = [.. assessment.Findings.Select(finding => finding.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The whole document, indented, with a final newline.</summary>
    /// <param name="assessment">What to tell.</param>
    /// <param name="version">The program's version, such as "0.1.0".</param>
    internal static byte[] Write(Assessment assessment, string version)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 16);
        JsonWriterOptions options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(buffer, options))
        {
            new AuditSarif(writer, assessment).Document(version);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The level of a severity: what must be mended soon is an error (3.27.10).</summary>
    internal static string Level(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => "error",
        Severity.Medium => "warning",
        _ => "note",
    };

    private void Document(string version) => Object(null, () =>
    {
        _writer.WriteString("$schema", Schema);
        _writer.WriteString("version", "2.1.0");
        Array("runs", () => Object(null, () =>
        {
            Object("tool", () => Object("driver", () => Driver(version)));
            Object("automationDetails", () => _writer.WriteString("id", $"portcullis/audit/{PlainText.Of(_assessment.Host.Name ?? "unknown")}/"));
            Array("invocations", () => Object(null, Invocation));
            _writer.WriteString("columnKind", "utf16CodeUnits");
            Array("results", _assessment.Findings, Result);
            Object("properties", () =>
            {
                Text("host", _assessment.Host.Name);
                Text("os", _assessment.Host.Os);
                Text("kernel", _assessment.Host.Kernel);
                _writer.WriteString("takenAt", _assessment.TakenAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                _writer.WriteBoolean("complete", _assessment.Complete);
                Text("policy", _assessment.Policy?.Source);
                Array("roles", _assessment.Policy?.Roles ?? [], role => _writer.WriteStringValue(role));
            });
        }));
    });

    private void Driver(string version)
    {
        _writer.WriteString("name", "Portcullis");
        _writer.WriteString("version", version);
        Array("rules", _rules, id => Object(null, () => Rule(id, FindingPage.Find(id))));
        Array("notifications", () => Object(null, () =>
        {
            _writer.WriteString("id", NotSeen);
            Object("shortDescription", () => _writer.WriteString("text", "Something could not be checked; its absence from the results means nothing."));
        }));
    }

    private void Rule(string id, FindingPage? page)
    {
        _writer.WriteString("id", id);
        if (page is not null)
        {
            Object("shortDescription", () => _writer.WriteString("text", page.Title));
            Object("fullDescription", () => _writer.WriteString("text", FirstParagraph(page.Text)));
            Object("help", () =>
            {
                _writer.WriteString("text", page.Text);
                _writer.WriteString("markdown", page.Text);
            });
        }

        // The kind of finding has no severity of its own: it gets the worst of this run.
        Severity worst = _assessment.Findings.Where(finding => finding.Id == id).Max(finding => finding.Severity);
        Object("defaultConfiguration", () => _writer.WriteString("level", Level(worst)));
        Object("properties", () =>
        {
            Array("tags", ["security", "network"], tag => _writer.WriteStringValue(tag));
            Array("controls", page?.Controls ?? [], control => _writer.WriteStringValue(control));
        });
    }

    private static string FirstParagraph(string page) =>
        page.Split("\n\n").First(part => !part.StartsWith("## ", StringComparison.Ordinal)).Replace('\n', ' ');

    private void Invocation()
    {
        _writer.WriteBoolean("executionSuccessful", _assessment.Complete);
        Array("toolExecutionNotifications", _assessment.Gaps, gap => Object(null, () =>
        {
            Object("descriptor", () =>
            {
                _writer.WriteString("id", NotSeen);
                _writer.WriteNumber("index", 0);
            });
            Message("message", GapList.Sentence(gap));
            _writer.WriteString("level", "warning");
        }));
    }

    private void Result(Finding finding) => Object(null, () =>
    {
        _writer.WriteString("ruleId", finding.Id);
        _writer.WriteNumber("ruleIndex", _rules.IndexOf(finding.Id));
        _writer.WriteString("level", Level(finding.Severity));
        Message("message", $"{finding.Title}. To do: {finding.Remedy}");
        Array("locations", () => Object(null, () => Location(finding)));
        Object("partialFingerprints", () => _writer.WriteString("findingAndSubject/v1", $"{finding.Id} {finding.Subject}"));
        Object("properties", () =>
        {
            Text("severity", FindingList.Word(finding.Severity));
            Text("subject", finding.Subject);
            Array("evidence", finding.Evidence, fact => _writer.WriteStringValue(fact));
            Text("remedy", finding.Remedy);
            Array("controls", finding.Controls, control => _writer.WriteStringValue(control));
        });
    });

    /// <summary>What it is about, and the file that makes it so where that is known.</summary>
    private void Location(Finding finding)
    {
        if (finding.Location is { Length: > 0 } place)
        {
            SarifLocation file = SarifLocation.Of(place);
            Object("physicalLocation", () =>
            {
                Object("artifactLocation", () => _writer.WriteString("uri", file.Uri));
                if (file.Line is int line)
                {
                    Object("region", () => _writer.WriteNumber("startLine", line));
                }
            });
        }

        Array("logicalLocations", () => Object(null, () =>
        {
            _writer.WriteString("fullyQualifiedName", finding.Subject);
            _writer.WriteString("kind", "resource");
        }));
    }

    /// <summary>
    /// A message that a viewer shows: no invisible letters, no "[text](target)", which would be a link (3.11.6), and braces doubled, since
    /// "{0}" would be a placeholder (3.11.5).
    /// </summary>
    private void Message(string name, string text) => Object(name, () => _writer.WriteString("text", PlainText.Of(text)
        .Replace("](", "] (", StringComparison.Ordinal).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)));

    private void Text(string name, string? value)
    {
        if (value is not null)
        {
            _writer.WriteString(name, value);
        }
    }

    private void Object(string? name, Action members)
    {
        if (name is not null)
        {
            _writer.WritePropertyName(name);
        }

        _writer.WriteStartObject();
        members();
        _writer.WriteEndObject();
    }

    private void Array(string name, Action items)
    {
        _writer.WriteStartArray(name);
        items();
        _writer.WriteEndArray();
    }

    private void Array<T>(string name, ImmutableArray<T> items, Action<T> write) => Array(name, () =>
    {
        foreach (T item in items)
        {
            write(item);
        }
    });
}
