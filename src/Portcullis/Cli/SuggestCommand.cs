using System.CommandLine;
using Portcullis.Cli.Policies;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary><c>portcullis suggest</c>: a draft policy from what runs here.</summary>
internal static class SuggestCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Command command = new("suggest", "Draft a policy that allows what runs here, with what speaks against each line.") { common.Snapshot, common.Replay, common.Output };
        command.SetAction(result =>
        {
            Snapshot snapshot = FactSource.Take(machines, common, result);
            Output.Write(DraftText.Render(Suggest.Of(snapshot, Catalogue.All), snapshot.Host, snapshot.TakenAt), result.GetValue(common.Output));
            return snapshot.Gaps.IsEmpty ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }
}
