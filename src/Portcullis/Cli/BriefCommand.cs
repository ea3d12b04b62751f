using System.CommandLine;
using Portcullis.Cli.Policies;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

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
            HostPolicy? policy = PolicyChoice.Read(file: null, roles: []);
            Assessment assessment;
            using (Progress.Say("reading sockets and processes"))
            {
                assessment = Audit.Of(new Inspect(machines.Live(record: false).Machine).Run(machines.Now, hash: false), policy, Catalogue.All);
            }

            Output.Write(Brief.Render(assessment, Terminal.OfStandardOutput(result.GetValue(common.NoColor))), file: null);
            return ExitCode.Of(assessment, Severity.Low);
        });
    }
}
