using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using Portcullis.Cli.Report;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What the schema of SARIF 2.1.0 requires of the properties that we write, by its clause numbers.</summary>
public sealed class AuditSarifTests
{
    private static readonly Assessment Server = Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy));

    [Fact]
    public void Log_reads_as_agreed() => Golden.Matches("report.sarif", Text(SampleServer.Agreed));

    [Fact]
    public void Log_has_one_run_of_a_named_tool()
    {
        JsonElement log = Parse(Server);

        Assert.Equal("2.1.0", log.GetProperty("version").GetString()); // 3.13.2
        JsonElement run = Assert.Single(log.GetProperty("runs").EnumerateArray());
        JsonElement driver = run.GetProperty("tool").GetProperty("driver"); // 3.18.2
        Assert.Equal(("Portcullis", "0.0.1"), (driver.GetProperty("name").GetString(), driver.GetProperty("version").GetString()));
        Assert.All(driver.GetProperty("rules").EnumerateArray(), Rule);
        Assert.Equal(driver.GetProperty("rules").GetArrayLength(), driver.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()).Distinct().Count());
        Assert.Contains(run.GetProperty("columnKind").GetString(), new[] { "utf16CodeUnits", "unicodeCodePoints" }); // 3.14.27
    }

    [Fact]
    public void Every_finding_is_a_result_with_its_rule_level_place_and_fingerprint()
    {
        JsonElement run = Parse(Server).GetProperty("runs")[0];
        JsonElement[] results = [.. run.GetProperty("results").EnumerateArray()];

        Assert.Equal(Server.Findings.Length, results.Length);
        foreach ((JsonElement result, Finding finding) in results.Zip(Server.Findings))
        {
            Assert.Equal(finding.Id, result.GetProperty("ruleId").GetString());
            Assert.Equal(finding.Id, run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()); // 3.27.6
            Assert.Equal(AuditSarif.Level(finding.Severity), result.GetProperty("level").GetString());
            Assert.Contains(finding.Remedy, Message(result.GetProperty("message")), StringComparison.Ordinal);
            Assert.Equal(finding.Subject, Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString());
            Assert.Equal($"{finding.Id} {finding.Subject}", result.GetProperty("partialFingerprints").GetProperty("findingAndSubject/v1").GetString()); // 3.27.17
            Assert.Equal(finding.Evidence, result.GetProperty("properties").GetProperty("evidence").EnumerateArray().Select(fact => fact.GetString()));
        }

        Assert.Equal(results.Length, results.Select(result => result.GetProperty("partialFingerprints").ToString()).Distinct().Count());
    }

    [Theory]
    [InlineData(Severity.Critical, "error")]
    [InlineData(Severity.High, "error")]
    [InlineData(Severity.Medium, "warning")]
    [InlineData(Severity.Low, "note")]
    [InlineData(Severity.Info, "note")]
    public void Severity_is_told_as_a_level(Severity severity, string level) => Assert.Equal(level, AuditSarif.Level(severity));

    [Theory]
    [InlineData("/etc/inetd.conf:12", "file:///etc/inetd.conf", 12)]
    [InlineData("/usr/lib/systemd/system/ssh.service", "file:///usr/lib/systemd/system/ssh.service", null)]
    [InlineData("portcullis.yaml:3", "portcullis.yaml", 3)]
    [InlineData("/a b/ü%#?.conf:1", "file:///a%20b/%C3%BC%25%23%3F.conf", 1)]
    [InlineData("javascript:alert(1)", "javascript%3Aalert%281%29", null)]
    [InlineData("/x:0", "file:///x%3A0", null)]
    [InlineData("/x:99999999999", "file:///x%3A99999999999", null)]
    [InlineData(":5", "%3A5", null)]
    [InlineData("/x:-1", "file:///x%3A-1", null)]
    public void Place_in_a_file_is_a_valid_uri_and_a_line(string location, string uri, int? line)
    {
        Assert.Equal(new SarifLocation(uri, line), SarifLocation.Of(location));
        Assert.True(Uri.TryCreate(uri, UriKind.RelativeOrAbsolute, out Uri? read) && read.IsAbsoluteUri == location.StartsWith('/'));
    }

    [Fact]
    public void Finding_with_a_known_file_has_its_line_and_one_without_has_no_file()
    {
        Assessment two = Server with { Findings = [Finding("PC2003") with { Location = "/etc/inetd.conf:12" }, Finding("PC3001")] };
        JsonElement[] places = [.. Parse(two).GetProperty("runs")[0].GetProperty("results").EnumerateArray().Select(result => result.GetProperty("locations")[0])];

        Assert.Equal("file:///etc/inetd.conf", places[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(12, places[0].GetProperty("physicalLocation").GetProperty("region").GetProperty("startLine").GetInt32());
        Assert.False(places[1].TryGetProperty("physicalLocation", out _));
    }

    [Fact]
    public void What_could_not_be_checked_is_told_and_the_execution_was_no_success()
    {
        JsonElement invocation = Assert.Single(Parse(Server).GetProperty("runs")[0].GetProperty("invocations").EnumerateArray());
        Assert.False(invocation.GetProperty("executionSuccessful").GetBoolean()); // 3.20.14
        Assert.Equal(2, invocation.GetProperty("toolExecutionNotifications").GetArrayLength());
        Assert.All(invocation.GetProperty("toolExecutionNotifications").EnumerateArray(), notification => Assert.NotEmpty(Message(notification.GetProperty("message"))));

        Assert.True(Parse(Server with { Gaps = [] }).GetProperty("runs")[0].GetProperty("invocations")[0].GetProperty("executionSuccessful").GetBoolean());
    }

    [Fact]
    public void Hostile_name_leaves_the_log_valid_and_becomes_no_link()
    {
        Assessment hostile = Facts.Judged(SampleServer.Hostile("\"},[x](https://evil.example/)\u001b\u202e\n"));
        Assessment linking = hostile with { Findings = [.. hostile.Findings, Finding("PC9999") with { Title = "[x](https://evil.example/)\u202e" }] };
        byte[] bytes = AuditSarif.Write(linking, "0.0.1");
        JsonElement run = JsonDocument.Parse(bytes).RootElement.GetProperty("runs")[0];

        Assert.Equal(linking.Findings.Length, run.GetProperty("results").GetArrayLength());
        Assert.All(run.GetProperty("results").EnumerateArray(), result =>
        {
            Assert.DoesNotContain("](", Message(result.GetProperty("message")), StringComparison.Ordinal);
            Assert.DoesNotContain(Message(result.GetProperty("message")), letter => char.IsControl(letter) || letter == '\u202e');
        });
        Assert.DoesNotContain((byte)0x1b, bytes);
    }

    [Fact]
    public void Same_facts_in_another_order_give_the_same_bytes() => Assert.Equal(
        Text(Server),
        Text(Facts.Judged(SampleServer.Facts with { Sockets = [.. SampleServer.Facts.Sockets.Reverse()], Processes = [.. SampleServer.Facts.Processes.Reverse()] }, Facts.Policy(SampleServer.Policy))));

    private static Finding Finding(string id) => new() { Id = id, Severity = Severity.High, Title = "t", Subject = "s", Remedy = "r" };

    private static void Rule(JsonElement rule)
    {
        string id = rule.GetProperty("id").GetString()!; // 3.49.3
        Assert.NotEmpty(id);
        Assert.Contains(rule.GetProperty("defaultConfiguration").GetProperty("level").GetString(), new[] { "none", "note", "warning", "error" }); // 3.50.3
        if (FindingPage.Find(id) is not null)
        {
            Assert.All(new[] { "shortDescription", "fullDescription", "help" }, part => Message(rule.GetProperty(part)));
        }
    }

    private static string Message(JsonElement message)
    {
        string text = message.GetProperty("text").GetString()!; // 3.11.8, 3.12.3
        Assert.NotEmpty(text);
        return text;
    }

    private static string Text(Assessment assessment) => Encoding.UTF8.GetString(AuditSarif.Write(assessment, "0.0.1"));

    private static JsonElement Parse(Assessment assessment) => JsonDocument.Parse(AuditSarif.Write(assessment, "0.0.1")).RootElement;
}
