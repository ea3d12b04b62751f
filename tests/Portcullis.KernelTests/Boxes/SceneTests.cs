using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>For each kind of finding about what runs, a state of a real server that raises it, and a near one that does not.</summary>
public sealed class SceneTests(SceneBoxes boxes) : IClassFixture<SceneBoxes>
{
    [Theory]
    [Scene("PC2001", "high", "tcp/8301", "tcp/8301")]
    [Scene("PC2002", "high", "tcp/9090", "tcp/9090")]
    [Scene("PC2003", "high", "tcp/23", "tcp/23")]
    [Scene("PC2004", "high", "udp/11211", "udp/11211")]
    [Scene("PC2005", "medium", "udp/69", "udp/69")]
    [Scene("PC2006", "info", "tcp/8314", "tcp/8314")]
    [Scene("PC2007", "medium", "tcp/8302", "tcp/8302")]
    [Scene("PC3001", "high", "tcp/8303", "tcp/8303")]
    [Scene("PC3002", "critical", "tcp/8304", "tcp/8304")]
    [Scene("PC3003", "high", "tcp/8305", "tcp/8305")]
    [Scene("PC3004", "medium", "tcp/8306", "tcp/8306")]
    [Scene("PC3005", "critical", "tcp/8307", "tcp/8307")]
    [Scene("PC3006", "low", "tcp/21", "tcp/21")]
    [Scene("PC3007", "high", "tcp/443", "tcp/8308")]
    [Scene("PC3008", "medium", "tcp/8309", "tcp/8309")]
    [Scene("PC3009", "medium", "tcp/8301", "tcp/8301")] // a daemon with an account of its own
    [Scene("PC3009", "low", "tcp/8310", "tcp/8310")] // an own program
    [Scene("PC3010", "medium", "tcp/8311", "tcp/8311")]
    [Scene("PC3011", "low", "packet/0", "packet/0 systemd-networkd.service")] // what asks for an address must
    [Scene("PC3012", "low", "raw/1", "tcp/8313")]
    [Scene("PC4010", "info", "tcp/40123", "tcp/40123")]
    public async Task Scene_is_told_of_and_the_one_next_to_it_is_not(Suite suite, string id, string severity, string place, string near)
    {
        (ReportedAudit raised, ReportedAudit quiet) = await boxes.Audits(suite);

        string[] told = [.. About(raised, place).Where(finding => finding.Id == id).Select(finding => finding.Severity).Distinct()];
        Assert.True(told.SequenceEqual([severity]), $"of {place} was told: {Told(raised, place)}");

        // Or the near state would prove nothing.
        Assert.Contains(quiet.Listeners, listener => IsAt(listener, near));
        Assert.True(!About(quiet, near).Any(finding => finding.Id == id), $"of {near} was told: {Told(quiet, near)}");
        ScenesAreProvedAttribute.Prove(id, Ids(raised, place), Ids(quiet, near));
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Packet_socket_matters_once_it_receives(Suite suite)
    {
        (ReportedAudit raised, ReportedAudit near) = await boxes.Audits(suite);

        Assert.Equal("low", Assert.Single(raised.Findings, finding => finding.Id == "PC3011").Severity);
        Assert.Equal("info", Assert.Single(near.Findings, finding => finding.Id == "PC3011").Severity);
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Nothing_else_is_told_of_the_scenes(Suite suite)
    {
        // What is told beside the kind that a scene is for: they run beside their units, and root holds what only root can have.
        string[] beside = ["PC2003 tcp/21", "PC3008 tcp/8301", "PC3008 udp/11211", "PC3009 tcp/8311"];
        (ReportedAudit raised, _) = await boxes.Audits(suite);
        (string Id, string Place)[] scenes =
            [.. SceneAttribute.Of(GetType().GetMethod(nameof(Scene_is_told_of_and_the_one_next_to_it_is_not))!).Select(row => (row.Id, row.Scene[1]))];

        string[] told = [.. scenes.Select(scene => scene.Place).Distinct().SelectMany(place => Ids(raised, place).Select(id => $"{id} {place}")).Distinct()];
        Assert.NotEmpty(told);
        Assert.Empty(told.Except(scenes.Select(scene => $"{scene.Id} {scene.Place}")).Except(beside));
    }

    /// <summary>Whether it is at "tcp/443"; or of that unit, as at "packet/0 systemd-networkd.service".</summary>
    private static bool IsAt(ReportedListener listener, string place)
    {
        string where = $"{listener.Protocol}/{listener.Port}";
        return place == where || place == $"{where} {listener.Unit?.Name}";
    }

    private static string Told(ReportedAudit audit, string place) => string.Join(", ", About(audit, place).Select(finding => $"{finding.Severity} {finding.Id}"));

    private static IEnumerable<string> Ids(ReportedAudit audit, string place) => About(audit, place).Select(finding => finding.Id);

    private static IEnumerable<ReportedFinding> About(ReportedAudit audit, string place) =>
        audit.Findings.Where(finding => audit.Listeners.Any(listener => listener.Key == finding.Subject && IsAt(listener, place)));
}
