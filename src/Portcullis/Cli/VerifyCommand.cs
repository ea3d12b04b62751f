using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis verify</c>: whether what was changed is still so.</summary>
internal static class VerifyCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Command command = new("verify", "Look whether what was changed is still so, is loaded at the next start, and whether the policy wants more. Ends with 1 where not.")
        {
            common.Policy, common.Role, common.Output, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy policy = PlanCommand.PolicyOf(common, result);
            if (!Environment.IsPrivilegedProcess)
            {
                throw new InputException("verify: only root can read the journal: sudo portcullis verify.");
            }

            ChangeTools tools = machines.Changes();
            Terminal terminal = result.GetValue(common.Output) is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
            StringBuilder text = new();
            if (VerifyChange.InForce(tools.Journal) is not ChangeRecord change)
            {
                Output.Write("No change of Portcullis's is in force.\n", result.GetValue(common.Output));
                return ExitCode.Findings;
            }

            Plan plan = PlanCommand.Draw(machines, FactSource.Take(machines, common, result), policy, session: null);
            ImmutableArray<string> broken = VerifyChange.Of(tools, change, plan);
            Wrap.WriteTo(text, broken.IsEmpty ? $"{change.Id} holds, is loaded at the next start, and by {plan.Policy} nothing is left to be done." : $"{change.Id} does not hold as it was made:", terminal.Width, "");
            foreach (string one in broken)
            {
                Wrap.WriteTo(text, $"  {PlainText.Of(one)}.", terminal.Width, "    ");
            }

            GapList.WriteTo(text, plan.Gaps, terminal);
            Output.Write(text.ToString(), result.GetValue(common.Output));
            return !broken.IsEmpty ? ExitCode.Findings : plan.Complete ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }
}
