using System;
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes an assessment in the shape "portcullis/assessment/1" that other programs read.</summary>
internal sealed class AssessmentJson
{
    internal const string SchemaName = "portcullis/assessment/1";

    private readonly Utf8JsonWriter _writer;

    private AssessmentJson(Utf8JsonWriter writer) => _writer = writer;

    /// <summary>The whole document, indented, with a final newline.</summary>
    internal static byte[] Write(Assessment assessment)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 16);
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            // Readable where it is harmless; the document never goes into a page unescaped.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter writer = new(buffer, options))
        {
            new AssessmentJson(writer).Document(assessment);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private void Document(Assessment assessment)
    {
        _writer.WriteStartObject();
        _writer.WriteString("schema", SchemaName);
        Time("takenAt", assessment.TakenAt);
        _writer.WriteStartObject("host");
        Text("name", assessment.Host.Name);
        Text("os", assessment.Host.Os);
        Text("kernel", assessment.Host.Kernel);
        _writer.WriteEndObject();
        _writer.WriteBoolean("complete", assessment.Complete);
        Each("gaps", assessment.Gaps, gap =>
        {
            Text("what", gap.What);
            Text("why", gap.Why);
            Text("remedy", gap.Remedy);
        });
        Policy(assessment);
        Firewall(assessment.Firewall);
        Services(assessment.Services);
        Each("outside", assessment.Outside, ProofJson.Write);
        Each("listeners", assessment.Listeners, One);
        Each("findings", assessment.Findings, One);
        Summary(assessment);
        _writer.WriteEndObject();
    }

    private void Firewall(FirewallState firewall)
    {
        _writer.WriteStartObject("firewall");
        Flag("keepsOut", firewall.KeepsOut);
        Each("writers", firewall.Writers, writer =>
        {
            Text("name", writer.Name);
            Text("kind", writer.Kind.ToString().ToLowerInvariant());
            Texts("tables", writer.Tables);
            Flag("loaded", writer.Loaded);
            _writer.WriteBoolean("keepsOut", writer.KeepsOut);
            Flag("running", writer.Running);
            Flag("atBoot", writer.AtBoot);
        });
        Each("programs", firewall.Programs, one =>
        {
            Text("kind", one.Kind);
            Text("name", one.Name);
            Number("id", one.Id);
            Text("place", one.Place);
        });
        _writer.WriteEndObject();
    }

    /// <summary>The measures of CIS Controls v8.1, safeguard 4.8, by the numbers of its assessment specification.</summary>
    private void Services(ServiceCompliance? count)
    {
        if (count is null)
        {
            _writer.WriteNull("services");
            return;
        }

        _writer.WriteStartObject("services");
        Text("control", "CIS 4.8");
        _writer.WriteNumber("m1", count.Authorized);
        _writer.WriteNumber("m2", count.All);
        _writer.WriteNumber("m3", count.AuthorizedHere);
        _writer.WriteNumber("m4", count.Unauthorized);
        _writer.WriteNumber("m5", count.Disabled);
        _writer.WriteNumber("m6", count.Enabled);
        Fraction("compliant", count.Compliant);
        Fraction("nonCompliant", count.NonCompliant);
        _writer.WriteEndObject();
    }

    private void Fraction(string name, double? value)
    {
        if (value is double number)
        {
            _writer.WriteNumber(name, Math.Round(number, 4));
        }
        else
        {
            _writer.WriteNull(name);
        }
    }

    private void One(Listener listener)
    {
        Text("key", listener.Key);
        Text("protocol", ListenerKey.Word(listener.Protocol));
        Text("address", listener.Address?.ToString());
        _writer.WriteNumber("port", listener.Port);
        Text("interface", listener.Interface);
        Text("scope", ListenerKey.Word(listener.Scope));
        Text("family", ListenerKey.Word(listener.Family));
        Text("namespace", listener.Namespace);
        _writer.WriteStartObject("service");
        Text("name", listener.Service.Name);
        Text("class", listener.Service.Class);
        Flag("cleartext", listener.Service.Cleartext);
        _writer.WriteEndObject();
        Each("processes", listener.Processes, One);
        Unit(listener);
        Package("package", listener.Package);
        Container(listener);
        SuperServer(listener.SuperServer);
        _writer.WriteStartObject("holder");
        Text("kind", listener.Holder.Kind.ToString().ToLowerInvariant());
        Text("name", listener.Holder.Name);
        _writer.WriteEndObject();
        Text("kernel", listener.Kernel);
        _writer.WriteNumber("sockets", listener.Sockets);
        Flag("reusePort", listener.ReusePort);
        _writer.WriteNumber("uid", listener.Uid);
        _writer.WriteNumber("queue", listener.Queue);
        Number("backlog", listener.Backlog);
        if (listener.Protocol == Protocol.Packet)
        {
            Number("etherType", listener.LinkProtocol);
            Number("filterLength", listener.FilterLength);
        }

        Each("exposure", listener.Exposure, exposure =>
        {
            Text("zone", exposure.Zone);
            Text("verdict", exposure.Verdict.ToString().ToLowerInvariant());
            Text("part", exposure.Part);
            Text("by", exposure.By);
            Texts("dependsOn", exposure.DependsOn);
        });
        Each("proofs", listener.Proofs, ProofJson.Write);
        Flag("expected", listener.Expected);
        Text("role", listener.Role);
        Text("roleService", listener.RoleService);
        Approval(listener.Approval);
    }

    private void Approval(Approval? approval)
    {
        if (approval is null)
        {
            _writer.WriteNull("approval");
            return;
        }

        _writer.WriteStartObject("approval");
        Text("reason", approval.Reason);
        Text("owner", approval.Owner);
        Text("expires", approval.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Texts("from", approval.From);
        _writer.WriteEndObject();
    }

    private void Policy(Assessment assessment)
    {
        if (assessment.Policy is not PolicyFacts policy)
        {
            _writer.WriteNull("policy");
            Texts("likelyRoles", assessment.LikelyRoles);
            return;
        }

        _writer.WriteStartObject("policy");
        Text("source", policy.Source);
        Texts("roles", policy.Roles);
        _writer.WriteEndObject();
    }

    private void One(ProcessFacts process)
    {
        _writer.WriteNumber("pid", process.Pid);
        Text("name", process.Name);
        Text("exe", process.Executable);
        Text("user", process.User);
        Flag("deleted", process.Origin is null ? null : process.Origin is ExecutableOrigin.Deleted or ExecutableOrigin.Memory);
        Time("startedAt", process.StartedAt);
        _writer.WriteNumber("parent", process.Parent);
        Text("origin", process.Origin?.ToString().ToLowerInvariant());
        Flag("packaged", process.Packaged);
        if (process.Sha256 is not null)
        {
            Text("sha256", process.Sha256);
        }

        Texts("commandLine", process.CommandLine);
    }

    private void One(Finding finding)
    {
        Text("id", finding.Id);
        Text("severity", Word(finding.Severity));
        Text("title", finding.Title);
        Text("subject", finding.Subject);
        Texts("evidence", finding.Evidence);
        Text("remedy", finding.Remedy);
        Texts("controls", finding.Controls);
        Text("location", finding.Location);
    }

    private void Unit(Listener listener)
    {
        if (listener.Unit is not UnitFacts unit)
        {
            _writer.WriteNull("unit");
            return;
        }

        _writer.WriteStartObject("unit");
        Text("name", unit.Name);
        Text("activatedBy", listener.ActivatedBy ?? unit.ActivatedBy);
        Text("enabled", unit.Enabled);
        Text("preset", unit.Preset);
        Number("user", unit.User);
        Text("fragment", unit.Fragment);
        _writer.WriteBoolean("transient", unit.Transient);
        _writer.WriteEndObject();
    }

    private void Package(string name, PackageFacts? package)
    {
        if (package is null)
        {
            _writer.WriteNull(name);
            return;
        }

        _writer.WriteStartObject(name);
        Text("name", package.Name);
        Text("version", package.Version);
        Text("manager", package.Manager);
        _writer.WriteEndObject();
    }

    private void Container(Listener listener)
    {
        if (listener.Container is not ContainerFacts container)
        {
            _writer.WriteNull("container");
            return;
        }

        _writer.WriteStartObject("container");
        Text("engine", container.Engine);
        Text("id", container.Id);
        Text("name", container.Name);
        Text("published", listener.Published is not PublishedPort port ? null
            : port.Address.Version == IpVersion.V6
                ? string.Create(CultureInfo.InvariantCulture, $"[{port.Address}]:{port.Port}")
                : string.Create(CultureInfo.InvariantCulture, $"{port.Address}:{port.Port}"));
        _writer.WriteEndObject();
    }

    private void SuperServer(SuperServerEntry? entry)
    {
        if (entry is null)
        {
            _writer.WriteNull("superServer");
            return;
        }

        _writer.WriteStartObject("superServer");
        Text("server", entry.Server);
        Text("service", entry.Service);
        Text("program", entry.Program);
        Text("user", entry.User);
        Text("source", entry.Source);
        _writer.WriteEndObject();
    }

    private void Summary(Assessment assessment)
    {
        _writer.WriteStartObject("summary");
        _writer.WriteNumber("listeners", assessment.Listeners.Length);
        _writer.WriteNull("reachable");
        Number("expected", assessment.Policy is null ? null : assessment.Listeners.Count(listener => listener.Expected == true));
        Number("unexpected", assessment.Policy is null ? null : assessment.Listeners.Count(listener => listener.Expected == false));
        _writer.WriteStartObject("findings");
        foreach (IGrouping<Severity, Finding> same in assessment.Findings.GroupBy(finding => finding.Severity).OrderByDescending(same => same.Key))
        {
            _writer.WriteNumber(Word(same.Key), same.Count());
        }

        _writer.WriteEndObject();
        _writer.WriteEndObject();
    }

    private void Each<T>(string name, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write) => Each(name, items, item => write(_writer, item));

    private void Each<T>(string name, ImmutableArray<T> items, Action<T> write)
    {
        _writer.WriteStartArray(name);
        foreach (T item in items)
        {
            _writer.WriteStartObject();
            write(item);
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    private void Texts(string name, ImmutableArray<string> values)
    {
        _writer.WriteStartArray(name);
        foreach (string value in values)
        {
            _writer.WriteStringValue(value);
        }

        _writer.WriteEndArray();
    }

    private void Text(string name, string? value) => _writer.WriteString(name, value);

    private void Number(string name, long? value)
    {
        if (value is long number)
        {
            _writer.WriteNumber(name, number);
        }
        else
        {
            _writer.WriteNull(name);
        }
    }

    private void Flag(string name, bool? value)
    {
        if (value is bool flag)
        {
            _writer.WriteBoolean(name, flag);
        }
        else
        {
            _writer.WriteNull(name);
        }
    }

    private void Time(string name, DateTimeOffset? value) =>
        Text(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
