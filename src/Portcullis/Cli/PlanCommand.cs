using System.CommandLine;
using Portcullis.Cli.Files;
using Portcullis.Cli.Json;
using Portcullis.Cli.Policies;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis plan</c>: what would be done so that this machine shows no more than its policy allows.</summary>
internal static class PlanCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Command command = new("plan", "Tell what would close all that the policy does not allow, with its effect in packets and its undo. Changes nothing.")
        {
            common.Policy, common.Role, common.Snapshot, common.Replay, common.Json, common.Output, common.Verbose, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy policy = PolicyOf(common, result);
            using GrowingOutput output = new(result.GetValue(common.Output));
            bool isHere = result.GetValue(common.Snapshot) is null && result.GetValue(common.Replay) is null;
            Plan plan = Draw(machines, FactSource.Take(machines, common, result), policy, isHere ? machines.Session() : null);
            Write(result, common, plan, output);
            return plan.Refused is not null ? ExitCode.Refused : plan.Complete ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    /// <summary>The policy to carry out.</summary>
    /// <exception cref="InputException">There is none, or it cannot be used.</exception>
    internal static HostPolicy PolicyOf(CommonOptions common, ParseResult result) => common.PolicyOf(result)
        ?? throw new InputException("nothing says what this machine is for. Draft a policy with: portcullis suggest > portcullis.yaml; or name its roles: --role web-server --role ssh-admin.");

    /// <summary>The plan for a machine.</summary>
    internal static Plan Draw(IMachineSource machines, Snapshot snapshot, HostPolicy policy, RemoteSession? session)
    {
        using Progress progress = Progress.Say("trying the new rules in a namespace of their own");
        return DrawPlan.Of(snapshot, policy, Catalogue.All, machines.GivenRules, session);
    }

    private static void Write(ParseResult result, CommonOptions common, Plan plan, GrowingOutput output)
    {
        if (result.GetValue(common.Json))
        {
            output.Add(PlanJson.Write(plan));
        }
        else
        {
            Terminal terminal = result.GetValue(common.Output) is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
            output.Add(PlanText.Render(plan, terminal, result.GetValue(common.Verbose)));
            if (!plan.Steps.IsEmpty && plan.Refused is null)
            {
                output.Add("\nNothing has been changed. Carry it out: sudo portcullis apply\n");
            }
        }

        output.Finish();
    }
}
