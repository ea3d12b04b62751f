using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portcullis.Cli.Report;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Whether our logs are valid SARIF 2.1.0, by a strict reader that is shown to refuse what is not.</summary>
public sealed partial class SarifValidityTests
{
    private static readonly Assessment Server = Facts.Judged(SampleServer.Facts, Facts.Policy(SampleServer.Policy));

    public static TheoryData<string> Names =>
    [
        "plain", "\"},{\"x\":[", "[x](https://evil.example/)", "{0}", "a{b}c{{d}}", "{", "}}}", "\u001b[2J\u202e\n\r\0", "<img src=x onerror=alert(1)>", "\ud800", "%s%n", "a/b:c#d?e", "", " ",
    ];

    [Fact]
    public void Log_of_a_server_is_valid() => Assert.Empty(SarifFaults.Of(Log(Server)));

    [Fact]
    public void Log_of_every_kind_of_finding_is_valid()
    {
        Assessment all = Server with { Findings = [.. Kinds.Select(id => new Finding { Id = id, Severity = Severity.Low, Title = "t", Subject = "s " + id, Remedy = "r" })] };

        Assert.Empty(SarifFaults.Of(Log(all)));
    }

    [Fact]
    public void Log_without_findings_and_one_of_a_nameless_host_is_valid()
    {
        Assert.Empty(SarifFaults.Of(Log(Server with { Findings = [], Gaps = [] })));
        Assert.Empty(SarifFaults.Of(Log(Server with { Host = new HostFacts { Name = null, Os = null, Kernel = null }, Policy = null })));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hostile_name_leaves_the_log_valid(string name)
    {
        Assessment hostile = Facts.Judged(SampleServer.Hostile(name));
        Finding own = new() { Id = "PC3001", Severity = Severity.High, Title = name + "t", Subject = "s" + name, Remedy = name, Evidence = [name], Location = $"/{name}:3" };

        Assert.Empty(SarifFaults.Of(Log(hostile)));
        Assert.Empty(SarifFaults.Of(Log(hostile with { Findings = [own] })));
    }

    [Fact]
    public void Message_that_is_read_by_the_standard_says_what_was_meant()
    {
        Finding braces = new() { Id = "PC3001", Severity = Severity.High, Title = "awk '{print $1}' {0} listens", Subject = "s", Remedy = "r" };
        string text = JsonDocument.Parse(Log(Server with { Findings = [braces] })).RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("message").GetProperty("text").GetString()!;

        Assert.Equal("awk '{{print $1}}' {{0}} listens. To do: r", text);
    }

    [Fact]
    public void Full_description_is_the_first_paragraph_of_the_page_and_no_heading()
    {
        Assessment all = Server with { Findings = [.. Kinds.Select(id => new Finding { Id = id, Severity = Severity.Low, Title = "t", Subject = "s", Remedy = "r" })] };
        JsonElement[] rules = [.. JsonDocument.Parse(Log(all)).RootElement.GetProperty("runs")[0].GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray()];

        Assert.Equal(Kinds, rules.Select(rule => rule.GetProperty("id").GetString()));
        foreach (JsonElement rule in rules)
        {
            FindingPage page = FindingPage.Find(rule.GetProperty("id").GetString()!)!;
            string said = rule.GetProperty("fullDescription").GetProperty("text").GetString()!;
            string[] lines = page.Text.Split('\n');
            string paragraph = string.Join(' ', lines.SkipWhile(line => line.Length == 0 || line.StartsWith('#')).TakeWhile(line => line.Length > 0));

            Assert.Equal(paragraph, said);
            Assert.Matches("^[^#].{20,}[.:]$", said);
            Assert.Equal(page.Title, rule.GetProperty("shortDescription").GetProperty("text").GetString());
            Assert.Equal(page.Text, rule.GetProperty("help").GetProperty("text").GetString());
        }
    }

    [Theory]
    [InlineData("\"version\": \"2.1.0\"", "\"version\": \"2.2\"", "3.13.2")]
    [InlineData("\"version\": \"2.1.0\",", "", "3.13")]
    [InlineData("\"$schema\": \"https:", "\"$schema\": \"ht tps:", "3.13.3")]
    [InlineData("\"runs\": [", "\"runs\": [], \"run\": [", "3.13")]
    [InlineData("\"name\": \"Portcullis\",", "", "3.19")]
    [InlineData("\"name\": \"Portcullis\",", "\"name\": 7,", "3.19.8")]
    [InlineData("\"id\": \"PC0001\",", "", "3.49")]
    [InlineData("\"id\": \"PC0002\",", "\"id\": \"PC0001\",", "3.27.6")]
    [InlineData("\"level\": \"error\"", "\"level\": \"high\"", "3.50.3")]
    [InlineData("\"tags\": [\n                  \"security\",", "\"tags\": [\n                  \"network\",", "3.7.3")]
    [InlineData("\"tags\": [\n                  \"security\",", "\"tags\": [\n                  1,", "3.8.2")]
    [InlineData("\"executionSuccessful\": false", "\"executionSuccessful\": \"no\"", "3.20.14")]
    [InlineData("\"executionSuccessful\": false,", "", "3.20")]
    [InlineData("\"index\": 0", "\"index\": 1", "3.52.5")]
    [InlineData("\"index\": 0", "\"index\": -2", "3.52.5")]
    [InlineData("holders of 1 socket", "holders of {1} socket", "3.11.8")]
    [InlineData("holders of 1 socket", "[holders](x)", "3.11.8")]
    [InlineData("\"columnKind\": \"utf16CodeUnits\"", "\"columnKind\": \"bytes\"", "3.14.27")]
    [InlineData("\"ruleIndex\": 0", "\"ruleIndex\": 2", "3.27.6")]
    [InlineData("\"ruleIndex\": 0", "\"ruleIndex\": \"0\"", "3.27.6")]
    [InlineData("\"ruleId\": \"PC0001\"", "\"rule\": \"PC0001\"", "3.27")]
    [InlineData("\"message\": {\n            \"text\": \"redis", "\"message\": {\n            \"words\": \"redis", "3.11")]
    [InlineData("\"uri\": \"file:///etc/redis/redis.conf\"", "\"uri\": \"file:///etc/a b\"", "3.4.3")]
    [InlineData("\"uri\": \"file:///etc/redis/redis.conf\"", "\"uri\": \"file:///etc/%zz\"", "3.4.3")]
    [InlineData("\"uri\": \"portcullis.yaml\"", "\"uri\": \"C:\\\\portcullis.yaml\"", "3.4.3")]
    [InlineData("\"uri\": \"file:///etc/redis/redis.conf\"", "\"path\": \"x\"", "3.4")]
    [InlineData("\"startLine\": 87", "\"startLine\": 0", "3.30.5")]
    [InlineData("\"startLine\": 87", "", "3.30")]
    [InlineData("\"findingAndSubject/v1\": \"", "\"findingAndSubject/v1\": null, \"x\": \"", "3.27.17")]
    [InlineData("\"ruleIndex\": 0,", "\"ruleIndex\": 0, \"ruleIndex\": 0,", "RFC 8259, section 4")]
    public void Log_that_breaks_a_clause_is_refused_by_that_clause(string sound, string broken, string clause)
    {
        string log = Encoding.UTF8.GetString(Log(SampleServer.Agreed));
        Assert.Empty(SarifFaults.Of(Encoding.UTF8.GetBytes(log)));
        Assert.Contains(sound, log, StringComparison.Ordinal);

        int at = log.IndexOf(sound, StringComparison.Ordinal);
        IReadOnlyList<string> faults = SarifFaults.Of(Encoding.UTF8.GetBytes(string.Concat(log.AsSpan(0, at), broken, log.AsSpan(at + sound.Length))));

        Assert.Contains(faults, fault => fault.EndsWith($"({clause})", StringComparison.Ordinal));
    }

    [Fact]
    public void Byte_order_mark_is_refused() => Assert.NotEmpty(SarifFaults.Of([0xEF, 0xBB, 0xBF, .. Log(Server)]));

    [Fact]
    public void Every_clause_of_the_reader_has_a_number_of_the_standard()
    {
        Assert.All(SarifShape.All.Values, shape => Assert.Matches(Clause(), shape.Clause));
        Assert.All(SarifShape.All.Values.SelectMany(shape => shape.Properties.Values), property => Assert.Matches(Clause(), property.Clause));
    }

    private static string[] Kinds => [.. typeof(FindingPage).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("findings/", StringComparison.Ordinal)).Select(name => name["findings/".Length..]).Order(StringComparer.Ordinal)];

    private static byte[] Log(Assessment assessment) => AuditSarif.Write(assessment, "0.0.1");

    [GeneratedRegex(@"^3\.\d+(\.\d+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clause();
}
