using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>For each kind of finding about what runs, a state of a real server that raises it, and a near one that does not.</summary>
public sealed class SceneTests(SceneBoxes boxes) : IClassFixture<SceneBoxes>
{
    /// <summary>Kind, severity, the place, and the place of the near state where it is another.</summary>
    private static readonly (string Id, string Severity, string Place, string? Near)[] s_scenes =
    [
        ("PC2001", "high", "tcp/8301", null),
        ("PC2002", "high", "tcp/9090", null),
        ("PC2003", "medium", "tcp/23", null),
        ("PC2004", "high", "udp/11211", null),
        ("PC2005", "medium", "udp/69", null),
        ("PC2006", "info", "tcp/8314", null),
        ("PC2007", "medium", "tcp/8302", null),
        ("PC3001", "high", "tcp/8303", null),
        ("PC3002", "critical", "tcp/8304", null),
        ("PC3003", "high", "tcp/8305", null),
        ("PC3004", "medium", "tcp/8306", null),
        ("PC3005", "critical", "tcp/8307", null),
        ("PC3006", "low", "tcp/21", null),
        ("PC3007", "high", "tcp/443", "tcp/8308"),
        ("PC3008", "medium", "tcp/8309", null),
        ("PC3009", "medium", "tcp/8301", null), // a daemon with an account of its own
        ("PC3009", "low", "tcp/8310", null), // an own program
        ("PC3010", "medium", "tcp/8311", null),
        ("PC3012", "low", "raw/1", "tcp/8313"),
    ];

    public static TheoryData<Suite, string, string, string, string> Scenes()
    {
        TheoryData<Suite, string, string, string, string> rows = [];
        foreach (Suite suite in System.Enum.GetValues<Suite>())
        {
            foreach ((string id, string severity, string place, string? near) in s_scenes)
            {
                rows.Add(suite, id, severity, place, near ?? place);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public async Task Scene_is_told_of_and_the_one_next_to_it_is_not(Suite suite, string id, string severity, string place, string near)
    {
        (ReportedAudit raised, ReportedAudit quiet) = await boxes.Audits(suite);

        string[] told = [.. About(raised, place).Where(finding => finding.Id == id).Select(finding => finding.Severity).Distinct()];
        Assert.True(told.SequenceEqual([severity]), $"of {place} was told: {Told(raised, place)}");

        // Or the near state would prove nothing.
        Assert.Contains(quiet.Listeners, listener => Place(listener) == near);
        Assert.True(!About(quiet, near).Any(finding => finding.Id == id), $"of {near} was told: {Told(quiet, near)}");
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
        string[] beside = ["PC3008 tcp/8301", "PC3008 udp/11211", "PC3009 tcp/8311"];
        (ReportedAudit raised, _) = await boxes.Audits(suite);

        string[] told =
        [
            .. raised.Listeners.Select(Place).Distinct().Where(place => s_scenes.Any(scene => scene.Place == place))
                .SelectMany(place => About(raised, place).Select(finding => $"{finding.Id} {place}")).Distinct(),
        ];
        Assert.Empty(told.Except(s_scenes.Select(scene => $"{scene.Id} {scene.Place}")).Except(beside));
    }

    private static string Place(ReportedListener listener) => $"{listener.Protocol}/{listener.Port}";

    private static string Told(ReportedAudit audit, string place) => string.Join(", ", About(audit, place).Select(finding => $"{finding.Severity} {finding.Id}"));

    private static IEnumerable<ReportedFinding> About(ReportedAudit audit, string place) =>
        audit.Findings.Where(finding => audit.Listeners.Any(listener => listener.Key == finding.Subject && Place(listener) == place));
}
