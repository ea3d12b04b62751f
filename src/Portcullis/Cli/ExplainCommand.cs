using System.Collections.Immutable;
using System.CommandLine;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Cli.Policies;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary><c>portcullis explain PORT|NAME</c>: what a port is for, and what holds it here.</summary>
internal static class ExplainCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Argument<string> what = new("WHAT") { Description = "A port (5432, 53/udp), the name of a service (postgresql), or a finding (PC2001)." };
        Command command = new("explain", "Tell what a port, service or finding is, how it is abused, how to close it, and what holds it here.")
        {
            what, common.Snapshot, common.Replay, common.Output, common.NoColor,
        };
        command.SetAction(result =>
        {
            string? file = result.GetValue(common.Output);
            Terminal terminal = file is null or "-"
                ? Terminal.OfStandardOutput(result.GetValue(common.NoColor))
                : new Terminal(Width: null, Color: false, Unicode: true);
            if (FindingPage.Find(result.GetValue(what)!) is FindingPage page)
            {
                Output.Write(FindingText.Render(page, terminal), file);
                return ExitCode.Clean;
            }

            ImmutableArray<PortQuestion> questions = Explain.Parse(result.GetValue(what)!, out string? error);
            if (error is not null)
            {
                throw new InputException($"explain: {error}.");
            }

            Assessment here = Audit.Of(FactSource.Take(machines, common, result), policy: null, Catalogue.All);
            Output.Write(ExplainText.Render([.. questions.Select(question => Explain.Of(question, here))], terminal), file);

            // Knowledge of a port is whole even where the machine was not seen whole; the text says what was not.
            return ExitCode.Clean;
        });
        return command;
    }
}
