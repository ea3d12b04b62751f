using System.Linq;
using System.Text;
using System.Text.Json;
using Portcullis.Cli;
using Portcullis.Cli.Json;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

public sealed class AssessmentJsonTests
{
    private static readonly Snapshot Web = Facts.Snapshot(Facts.Tcp("0.0.0.0", 443, 10), Facts.Udp("::", 53) with { V6Only = true }) with
    {
        Processes = [Facts.Process(10, "/usr/sbin/nginx", "nginx.service", Facts.Package("nginx"))],
        Units = [Facts.Unit("nginx.service")],
        Gaps = [new Gap("owner of 1 socket", "not root", "run with sudo")],
    };

    [Fact]
    public void Programs_beside_the_rules_are_told_with_their_place()
    {
        PacketProgram program = new() { Hook = ProgramHook.SkLookup, Id = 7, Name = "p" };
        JsonElement told = Assert.Single(Parse(Web with { Namespaces = [Web.Namespaces[0] with { Programs = [program] }] }).GetProperty("firewall").GetProperty("programs").EnumerateArray());
        Assert.Equal(("sk_lookup", "p", 7, "this host"), (told.GetProperty("kind").GetString(), told.GetProperty("name").GetString(), told.GetProperty("id").GetInt32(), told.GetProperty("place").GetString()));
        Assert.Equal(0, Parse(Web).GetProperty("firewall").GetProperty("programs").GetArrayLength());
    }

    [Fact]
    public void Programs_and_filters_of_an_interface_are_told_without_a_number()
    {
        NetworkInterface eth = new() { Index = 2, Name = "eth0", IsUp = true, HasXdp = true, HasClassifier = true };
        JsonElement[] told = [.. Parse(Web with { Namespaces = [Web.Namespaces[0] with { Interfaces = [eth] }] }).GetProperty("firewall").GetProperty("programs").EnumerateArray()];

        Assert.Equal([("xdp", "eth0"), ("tc", "eth0")], told.Select(one => (one.GetProperty("kind").GetString()!, one.GetProperty("place").GetString()!)));
        Assert.All(told, one => Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (one.GetProperty("id").ValueKind, one.GetProperty("name").ValueKind)));
    }

    [Fact]
    public void Writers_of_the_firewalls_rules_are_told()
    {
        Snapshot ufw = FirewallFacts.WithRules(Web, "ufw.iptables") with { RuleLoaders = [FirewallFacts.Loader("ufw") with { SwitchedOn = true }] };
        JsonElement firewall = Parse(ufw).GetProperty("firewall");

        Assert.True(firewall.GetProperty("keepsOut").GetBoolean());
        JsonElement writer = Assert.Single(firewall.GetProperty("writers").EnumerateArray());
        Assert.Equal(("ufw", "firewall", "ip filter"), (writer.GetProperty("name").GetString(), writer.GetProperty("kind").GetString(), writer.GetProperty("tables")[0].GetString()));
        Assert.Equal((true, true, true), (writer.GetProperty("keepsOut").GetBoolean(), writer.GetProperty("running").GetBoolean(), writer.GetProperty("atBoot").GetBoolean()));
        Assert.False(Parse(Web).GetProperty("firewall").GetProperty("keepsOut").GetBoolean());
        Assert.Equal(0, Parse(Web).GetProperty("firewall").GetProperty("writers").GetArrayLength());
    }

    [Fact]
    public void Document_has_the_fields_of_the_contract()
    {
        JsonElement root = Parse(Web);

        Assert.Equal("portcullis/assessment/1", root.GetProperty("schema").GetString());
        Assert.Equal("2026-11-21T08:00:00Z", root.GetProperty("takenAt").GetString());
        Assert.Equal("web1", root.GetProperty("host").GetProperty("name").GetString());
        Assert.False(root.GetProperty("complete").GetBoolean());
        Assert.Equal("run with sudo", root.GetProperty("gaps")[0].GetProperty("remedy").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("policy").ValueKind);
        Assert.Equal(0, root.GetProperty("findings").GetArrayLength());
        Assert.Equal(2, root.GetProperty("summary").GetProperty("listeners").GetInt32());

        JsonElement listener = root.GetProperty("listeners")[0];
        Assert.Equal("tcp/any/ipv4/443/nginx.service", listener.GetProperty("key").GetString());
        Assert.Equal(("tcp", "0.0.0.0", 443), (listener.GetProperty("protocol").GetString(), listener.GetProperty("address").GetString(), listener.GetProperty("port").GetInt32()));
        Assert.Equal(("any", "ipv4", "host"), (listener.GetProperty("scope").GetString(), listener.GetProperty("family").GetString(), listener.GetProperty("namespace").GetString()));
        Assert.Equal(("https", "system", false), (listener.GetProperty("service").GetProperty("name").GetString(), listener.GetProperty("service").GetProperty("class").GetString(), listener.GetProperty("service").GetProperty("cleartext").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, listener.GetProperty("reusePort").ValueKind);
        JsonElement shared = Parse(Web with { Sockets = [.. Web.Sockets.Select(socket => socket with { ReusePort = true })] });
        Assert.True(shared.GetProperty("listeners")[0].GetProperty("reusePort").GetBoolean());
        JsonElement process = listener.GetProperty("processes")[0];
        Assert.Equal((10, "nginx", "/usr/sbin/nginx", "root", false), (process.GetProperty("pid").GetInt32(), process.GetProperty("name").GetString(), process.GetProperty("exe").GetString(), process.GetProperty("user").GetString(), process.GetProperty("deleted").GetBoolean()));
        Assert.Equal("2026-11-21T07:00:00Z", process.GetProperty("startedAt").GetString());
        JsonElement unit = listener.GetProperty("unit");
        Assert.Equal(("nginx.service", null, "enabled", "enabled"), (unit.GetProperty("name").GetString(), unit.GetProperty("activatedBy").GetString(), unit.GetProperty("enabled").GetString(), unit.GetProperty("preset").GetString()));
        Assert.Equal(("nginx", "1.0-1", "dpkg"), (listener.GetProperty("package").GetProperty("name").GetString(), listener.GetProperty("package").GetProperty("version").GetString(), listener.GetProperty("package").GetProperty("manager").GetString()));
        foreach (string name in new[] { "interface", "container", "expected", "role", "roleService" })
        {
            Assert.Equal(JsonValueKind.Null, listener.GetProperty(name).ValueKind);
        }

        JsonElement[] exposure = [.. listener.GetProperty("exposure").EnumerateArray()];
        Assert.Equal(["host", "link", "private", "internet"], exposure.Select(one => one.GetProperty("zone").GetString()));
        Assert.Equal(("reachable", null, null), (exposure[3].GetProperty("verdict").GetString(), exposure[3].GetProperty("part").GetString(), exposure[3].GetProperty("by").GetString()));
        Assert.Equal(0, exposure[3].GetProperty("dependsOn").GetArrayLength());
    }

    [Fact]
    public void Unknown_is_null_and_never_a_guess()
    {
        JsonElement listener = Parse(Web).GetProperty("listeners")[1];

        Assert.Equal("udp/any/ipv6/53/unknown", listener.GetProperty("key").GetString());
        Assert.Equal(JsonValueKind.Null, listener.GetProperty("unit").ValueKind);
        Assert.Equal(JsonValueKind.Null, listener.GetProperty("package").ValueKind);
        Assert.Equal(0, listener.GetProperty("processes").GetArrayLength());
    }

    [Fact]
    public void Same_facts_in_another_order_give_the_same_bytes()
    {
        Snapshot reversed = Web with { Sockets = [.. Web.Sockets.Reverse()], Processes = [.. Web.Processes.Reverse()], Units = [.. Web.Units.Reverse()] };

        Assert.Equal(Encoding.UTF8.GetString(AssessmentJson.Write(Facts.Judged(Web))), Encoding.UTF8.GetString(AssessmentJson.Write(Facts.Judged(reversed))));
    }

    [Fact]
    public void Hostile_name_is_carried_whole_and_leaves_the_document_valid()
    {
        Snapshot hostile = Web with { Processes = [Web.Processes[0] with { Name = "\"},\n\u001b]0;x\u0007\u202e" }] };

        byte[] bytes = AssessmentJson.Write(Facts.Judged(hostile));

        Assert.Equal("\"},\n\u001b]0;x\u0007\u202e", JsonDocument.Parse(bytes).RootElement.GetProperty("listeners")[0].GetProperty("processes")[0].GetProperty("name").GetString());
        Assert.DoesNotContain((byte)0x1b, bytes);
    }

    [Theory]
    [InlineData(null, true, null, 0)]
    [InlineData(null, false, null, 3)]
    [InlineData(Severity.High, true, Severity.Low, 1)]
    [InlineData(Severity.Low, true, Severity.Low, 1)]
    [InlineData(Severity.Low, false, Severity.Medium, 3)]
    [InlineData(Severity.Low, true, Severity.Medium, 0)]
    [InlineData(Severity.Critical, false, null, 3)]
    [InlineData(Severity.Critical, false, Severity.Critical, 1)]
    public void Exit_code_follows_findings_and_completeness(Severity? worst, bool complete, Severity? failOn, int code)
    {
        Assessment assessment = Facts.Judged(Web) with
        {
            Gaps = complete ? [] : Web.Gaps,
            Findings = worst is not Severity severity ? [] : [new Finding { Id = "PC1", Severity = severity, Title = "t", Subject = "s", Remedy = "r" }],
        };

        Assert.Equal(code, ExitCode.Of(assessment, failOn));
    }

    private static JsonElement Parse(Snapshot snapshot) => JsonDocument.Parse(AssessmentJson.Write(Facts.Judged(snapshot))).RootElement;
}
