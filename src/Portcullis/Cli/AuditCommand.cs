using System.CommandLine;
using System.Linq;
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
            using GrowingOutput? output = result.GetValue(common.Quiet) ? null : new GrowingOutput(result.GetValue(common.Output)); // as early: it may not be writable
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
            if (isToProve && request is null && !assessment.Listeners.Any(static one => one.Namespace == NetworkNamespace.HostName && one.Scope != Scope.Loopback))
            {
                Output.Complain("--prove: nothing of this host can be heard from elsewhere, so there was nothing to ask");
            }

            if (output is not null)
            {
                Print(assessment, common, result, output);
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

    private static void Print(Assessment assessment, CommonOptions common, ParseResult result, GrowingOutput output)
    {
        switch (result.GetValue(common.Json) ? "json" : result.GetValue(common.Format))
        {
            case "json":
                output.Add(AssessmentJson.Write(assessment));
                break;
            case "sarif":
                output.Add(AuditSarif.Write(assessment, Version));
                break;
            case "csv":
                output.Add(AuditCsv.Render(assessment));
                break;
            case "html":
                output.Add(HtmlReport.Render(assessment));
                break;
            case "markdown":
                output.Add(AuditMarkdown.Render(assessment));
                break;
            default:
                Terminal terminal = result.GetValue(common.Output) is null or "-"
                    ? Terminal.OfStandardOutput(result.GetValue(common.NoColor))
                    : new Terminal(Width: null, Color: false, Unicode: true);
                output.Add(new AuditTable(assessment, terminal, result.GetValue(common.Verbose)).Render());
                break;
        }

        output.Finish();
    }
}
