using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A server of each suite with what tests/lab/guests adds: an rpm package, a container of Podman, one of systemd-nspawn.</summary>
public sealed class GuestedBoxes : IAsyncDisposable
{
    private readonly Dictionary<Suite, Lazy<Task<(Box Box, ReportedAudit Audit)>>> _boxes =
        Enum.GetValues<Suite>().ToDictionary(suite => suite, suite => new Lazy<Task<(Box, ReportedAudit)>>(() => Start(suite)));

    /// <summary>What the audit printed, as root, once all guests listened.</summary>
    public async Task<ReportedAudit> Audit(Suite suite) => (await _boxes[suite].Value).Audit;

    /// <summary>The server.</summary>
    public async Task<Box> Box(Suite suite) => (await _boxes[suite].Value).Box;

    public async ValueTask DisposeAsync()
    {
        IEnumerable<Task<(Box Box, ReportedAudit)>> started = _boxes.Values.Where(box => box.IsValueCreated).Select(box => box.Value);
        await Task.WhenAll(started.Where(box => box.IsCompletedSuccessfully).Select(box => box.Result.Box.DisposeAsync().AsTask()));
    }

    private static async Task<(Box, ReportedAudit)> Start(Suite suite)
    {
        Box box = await Lab.Box.Boot(suite);
        try
        {
            (await box.Run("/opt/lab/guests", "rpm", "podman", "nspawn")).MustSucceed();
            return (box, ReportedAudit.Parse(await box.Run(Lab.Box.Portcullis, "audit", "--json", "--fail-on", "none")));
        }
        catch
        {
            await box.DisposeAsync();
            throw;
        }
    }
}
