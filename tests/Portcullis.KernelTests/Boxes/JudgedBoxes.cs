using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>What Portcullis says of the shared servers without a policy and with several; each is asked once.</summary>
public sealed class JudgedBoxes(SharedBoxes boxes)
{
    private readonly ConcurrentDictionary<(Suite, string), Lazy<Task<CommandResult>>> _audits = [];

    /// <summary>The audit of a suite's server.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="policy">The policy's text; empty for none.</param>
    /// <param name="failOn">From which severity on the findings decide on the exit code.</param>
    public Task<CommandResult> Audit(Suite suite, string policy, string failOn = "none") =>
        _audits.GetOrAdd((suite, policy + failOn), _ => new(() => Ask(suite, policy, failOn))).Value;

    /// <summary>Runs a line of shell in the server, where POLICY stands for a file with that policy, which is this call's alone.</summary>
    public async Task<CommandResult> Shell(Suite suite, string policy, string line)
    {
        Box box = await boxes.Of(suite);
        string file = $"/run/judged-{Guid.NewGuid():N}.yaml";
        return await box.Run("sh", "-c", $"cat >{file} <<'END'\n{policy.TrimEnd()}\nEND\n{line.Replace("POLICY", file, StringComparison.Ordinal)}\ncode=$?; rm -f {file}; exit $code");
    }

    private async Task<CommandResult> Ask(Suite suite, string policy, string failOn)
    {
        Box box = await boxes.Of(suite);
        int sockets = AuditedBoxes.Expected(suite).Length;
        for (int attempt = 0; ; attempt++)
        {
            CommandResult audit = policy.Length == 0
                ? await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", failOn)
                : await Shell(suite, policy, $"{Box.Portcullis} audit --json --fail-on {failOn} --policy POLICY");

            // The end of the boot is not yet the moment at which the last daemon listens.
            if (attempt == 5 || ReportedAudit.Parse(audit).Listeners.Length >= sockets)
            {
                return audit;
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
