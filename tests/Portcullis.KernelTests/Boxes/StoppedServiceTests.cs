using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A daemon of a real server that is stopped, started and masked.</summary>
public sealed class StoppedServiceTests
{
    private const string Snmpd = "PC5001 unit:snmpd.service";

    [Theory]
    [Scene("PC5001")]
    public async Task Daemon_is_told_while_it_is_stopped_and_could_start(Suite suite, string id)
    {
        await using Box box = await Box.Boot(suite);
        Assert.DoesNotContain(Snmpd, await Findings(box));

        (await box.Run("systemctl", "stop", "snmpd.service")).MustSucceed();
        IReadOnlyList<string> stopped = await Findings(box);
        Assert.Contains(Snmpd, stopped);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', stopped));

        // A service that its socket waits for is open, and one that was never started beside it is not missed.
        Assert.DoesNotContain(stopped, finding => finding.StartsWith("PC5001 unit:ssh", StringComparison.Ordinal));
        Assert.DoesNotContain("PC5001 unit:nginx.service", stopped);

        (await box.Run("systemctl", "start", "snmpd.service")).MustSucceed();
        IReadOnlyList<string> started = await Findings(box);
        ScenesAreProvedAttribute.Prove(id, Ids(stopped), Ids(started));

        (await box.Run("systemctl", "mask", "--now", "snmpd.service")).MustSucceed();
        Assert.DoesNotContain(Snmpd, await Findings(box));
    }

    private static IEnumerable<string> Ids(IEnumerable<string> findings) => findings.Where(finding => finding == Snmpd).Select(finding => finding[..finding.IndexOf(' ', StringComparison.Ordinal)]);

    private static async Task<IReadOnlyList<string>> Findings(Box box)
    {
        CommandResult audit = await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", "none");
        using JsonDocument assessment = JsonDocument.Parse(audit.Output);
        return [.. assessment.RootElement.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("id")} {finding.GetProperty("subject")}")];
    }
}
