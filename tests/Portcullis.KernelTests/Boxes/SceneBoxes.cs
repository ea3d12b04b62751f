using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A server of each suite with the scenes of tests/lab/scenes: once as they should be told of, and once next to that.</summary>
public sealed class SceneBoxes : IAsyncDisposable
{
    private readonly List<Box> _boxes = [];
    private readonly Lazy<Dictionary<Suite, Task<(ReportedAudit Raised, ReportedAudit Near)>>> _audits;

    // Both at once: a boot is mostly waiting.
    public SceneBoxes() => _audits = new(() => Enum.GetValues<Suite>().ToDictionary(suite => suite, Play));

    /// <summary>What the audit said of both.</summary>
    public Task<(ReportedAudit Raised, ReportedAudit Near)> Audits(Suite suite) => _audits.Value[suite];

    public async ValueTask DisposeAsync() => await Task.WhenAll(_boxes.Select(box => box.DisposeAsync().AsTask()));

    private async Task<(ReportedAudit, ReportedAudit)> Play(Suite suite)
    {
        Box box = await Box.Boot(suite);
        lock (_boxes)
        {
            _boxes.Add(box);
        }

        ReportedAudit raised = await Stage(box, "raised");
        return (raised, await Stage(box, "near"));
    }

    private static async Task<ReportedAudit> Stage(Box box, string stage)
    {
        (await box.Run("/opt/lab/scenes", stage)).MustSucceed();
        return ReportedAudit.Parse(await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", "none"));
    }
}
