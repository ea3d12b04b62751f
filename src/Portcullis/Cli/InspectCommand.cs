using System.CommandLine;
using Portcullis.Cli.Files;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Text.Snapshots;

namespace Portcullis.Cli;

/// <summary><c>portcullis inspect</c>: only the facts, as JSON.</summary>
internal static class InspectCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Option<bool> raw = new("--raw") { Description = "Add the undecoded answers of the kernel and of files, for a bug report." };
        Option<bool> redact = new("--redact") { Description = "Hide names and addresses, keeping what equals equal." };
        Command command = new("inspect", "Print the facts only: the snapshot as JSON, for 'audit --snapshot'.")
        {
            raw, redact, common.Snapshot, common.Replay, common.Output, common.Hash,
        };
        command.SetAction(result =>
        {
            if (result.GetValue(raw) && result.GetValue(redact))
            {
                throw new InputException("--raw and --redact exclude each other: undecoded answers can't be searched for names. Give one of them.");
            }

            Snapshot snapshot = result.GetValue(raw) ? Raw(machines, common, result) : FactSource.Take(machines, common, result) with { Raw = null };
            snapshot = result.GetValue(redact) ? Redaction.Of(snapshot) : snapshot;
            Output.Write(SnapshotJson.Write(snapshot), result.GetValue(common.Output));
            return snapshot.Gaps.IsEmpty ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    private static Snapshot Raw(IMachineSource machines, CommonOptions common, ParseResult result)
    {
        if (result.GetValue(common.Snapshot) is not null || result.GetValue(common.Replay) is not null)
        {
            throw new InputException("--raw needs the running machine: leave out --snapshot and --replay.");
        }

        using Progress progress = Progress.Say("reading sockets and processes");
        RecordedMachine live = machines.Live(record: true);
        Snapshot snapshot = new Inspect(live.Machine).Run(machines.Now, result.GetValue(common.Hash));
        return snapshot with { Raw = live.Answers!() };
    }
}
