using System.CommandLine;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary>Bare <c>portcullis</c>: the state of this machine in five lines, and the next command.</summary>
internal static class BriefCommand
{
    internal static void Attach(RootCommand root, IMachineSource machines)
    {
        CommonOptions common = new();
        root.Options.Add(common.NoColor);
        root.SetAction(result =>
        {
            Assessment assessment;
            using (Progress.Say("reading sockets and processes"))
            {
                assessment = Audit.Of(new Inspect(machines.Live(record: false).Machine).Run(machines.Now, hash: false));
            }

            Output.Write(Brief.Render(assessment, Terminal.OfStandardOutput(result.GetValue(common.NoColor))), file: null);
            return ExitCode.Of(assessment, Severity.Low);
        });
    }
}
