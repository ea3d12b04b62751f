using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>For each suite once: what the list says, what the tools inside say, and what Portcullis says.</summary>
public sealed class AuditedBoxes(SharedBoxes boxes)
{
    private readonly Dictionary<Suite, Lazy<Task<ImmutableArray<ReportedListener>>>> _oracles =
        Enum.GetValues<Suite>().ToDictionary(suite => suite, suite => new Lazy<Task<ImmutableArray<ReportedListener>>>(() => AskTools(boxes, suite)));

    private readonly Dictionary<Suite, Lazy<Task<CommandResult>>> _audits = [];

    /// <summary>The hand-checked rows of expected-SUITE.tsv, sorted.</summary>
    public static ImmutableArray<string> Expected(Suite suite) =>
        [.. File.ReadLines(Path.Combine(LabFiles.Expectations, $"expected-{suite.ToString().ToLowerInvariant()}.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal)];

    /// <summary>What ss, ps, systemctl, dpkg and docker say inside.</summary>
    public Task<ImmutableArray<ReportedListener>> Oracle(Suite suite) => _oracles[suite].Value;

    /// <summary>What the audit printed inside, as root, once everything had started.</summary>
    public async Task<CommandResult> Audit(Suite suite)
    {
        await Oracle(suite);
        Lazy<Task<CommandResult>>? audit;
        lock (_audits)
        {
            if (!_audits.TryGetValue(suite, out audit))
            {
                _audits[suite] = audit = new(() => Run(suite, Box.Portcullis, "audit", "--json", "--fail-on", "none"));
            }
        }

        return await audit.Value;
    }

    /// <summary>Runs something in the shared server.</summary>
    public async Task<CommandResult> Run(Suite suite, string command, params string[] arguments) =>
        await (await boxes.Of(suite)).Run(command, arguments);

    // The end of the boot is not yet the moment at which the last daemon listens.
    private static async Task<ImmutableArray<ReportedListener>> AskTools(SharedBoxes boxes, Suite suite)
    {
        Box box = await boxes.Of(suite);
        ImmutableArray<string> expected = Expected(suite);
        ImmutableArray<ReportedListener> found = [];
        for (int attempt = 0; attempt < 5; attempt++)
        {
            CommandResult said = await box.Run("python3", "/opt/lab/oracle.py");
            found = ReportedAudit.Parse<ImmutableArray<ReportedListener>>(said, said.MustSucceed());
            if (expected.SequenceEqual(found.Select(listener => listener.ExpectedRow).Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                break;
            }
        }

        return found;
    }
}
