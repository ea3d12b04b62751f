using System.CommandLine;
using System.Threading;
using Portcullis.Cli.Files;
using Portcullis.Cli.Json;
using Portcullis.Cli.Policies;
using Portcullis.Cli.Report;
using Portcullis.Cli.Report.Html;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis audit</c>: what listens, where it can be heard, and who holds it.</summary>
internal static class AuditCommand
{
    private static string Version { get; } = typeof(AuditCommand).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        ProveOptions prove = new();
        Command command = new("audit", "Show every open port of this machine: where it can be heard, and who holds it.")
        {
            prove.Prove, prove.From, prove.At, prove.PeerProgram, common.Policy, common.Role, common.Snapshot, common.Replay, common.Format, common.Json, common.Output, common.FailOn, common.Hash, common.Verbose, common.Quiet, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy? policy = common.PolicyOf(result); // first: a slip in it is told before anything is asked of the machine
            bool isToProve = prove.IsWanted(result, common, out ProveRequest? request);
            Snapshot snapshot;
            bool isInterrupted = false;
            using (Interrupt? interrupt = isToProve ? new Interrupt() : null) // what comes after is short, and the next Ctrl-C ends it
            {
                snapshot = request is not null ? Proved(machines, common, result, request, interrupt!.Token) : FactSource.Take(machines, common, result);
                if (isToProve && request is null)
                {
                    using Progress progress = Progress.Say("asking a twin of this machine");
                    snapshot = ProveByTwin.Run(machines.Twins, snapshot, policy, interrupt!.Token);
                }

                isInterrupted = interrupt?.Token.IsCancellationRequested == true;
            }

            Assessment assessment = Audit.Of(snapshot, policy, Catalogue.All);
            if (!result.GetValue(common.Quiet))
            {
                Print(assessment, common, result);
            }

            return isInterrupted ? ExitCode.Interrupted : ExitCode.Of(assessment, common.Threshold(result));
        });
        return command;
    }

    /// <summary>The facts with what packets from elsewhere find.</summary>
    private static Snapshot Proved(IMachineSource machines, CommonOptions common, ParseResult result, ProveRequest request, CancellationToken cancellation)
    {
        bool hash = result.GetValue(common.Hash);
        using ProgressSteps progress = new();
        try
        {
            return new Prove(machines.Peers, () => new Inspect(machines.Live(record: false).Machine).Run(machines.Now, hash)).Run(request, progress.Tell, cancellation);
        }
        catch (ProbeException refused)
        {
            throw new InputException($"cannot ask this host from {request.Peer}: {refused.Message}.");
        }
    }

    private static void Print(Assessment assessment, CommonOptions common, ParseResult result)
    {
        string? file = result.GetValue(common.Output);
        switch (result.GetValue(common.Json) ? "json" : result.GetValue(common.Format))
        {
            case "json":
                Output.Write(AssessmentJson.Write(assessment), file);
                break;
            case "sarif":
                Output.Write(AuditSarif.Write(assessment, Version), file);
                break;
            case "csv":
                Output.Write(AuditCsv.Render(assessment), file);
                break;
            case "html":
                Output.Write(HtmlReport.Render(assessment), file);
                break;
            case "markdown":
                Output.Write(AuditMarkdown.Render(assessment), file);
                break;
            default:
                Terminal terminal = file is null or "-"
                    ? Terminal.OfStandardOutput(result.GetValue(common.NoColor))
                    : new Terminal(Width: null, Color: false, Unicode: true);
                Output.Write(new AuditTable(assessment, terminal, result.GetValue(common.Verbose)).Render(), file);
                break;
        }
    }
}
