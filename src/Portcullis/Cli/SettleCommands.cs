using System;
using System.CommandLine;
using Portcullis.Cli.Files;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary><c>portcullis confirm</c>, <c>revert</c> and <c>undo [ID]</c>: decide what becomes of a change.</summary>
internal static class SettleCommands
{
    internal static Command Confirm(IMachineSource machines)
    {
        Command command = new("confirm", "Make the change that was applied last, from a new connection: then it is certain that you can still get in.");
        command.SetAction(_ =>
        {
            RequireRoot("confirm");
            (ChangeRecord change, string? notAtStart) = Settling(machines).Confirm(machines.Session());
            Output.Write($"{change.Id} lasts.\n", file: null);
            if (notAtStart is not null)
            {
                Output.Complain($"but not beyond the next start of the machine: {notAtStart}.");
            }

            return notAtStart is null ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    internal static Command Revert(IMachineSource machines)
    {
        Command command = new("revert", "Take the change that waits for its confirmation back at once.");
        command.SetAction(_ =>
        {
            RequireRoot("revert");
            Output.Write($"{Settling(machines).RevertLast().Id} was taken back.\n", file: null);
            return ExitCode.Clean;
        });
        return command;
    }

    internal static Command Undo(IMachineSource machines)
    {
        Argument<string?> id = new("ID") { Description = "The change, as 'portcullis changes' names it; else the last one in force.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> anyway = new("--even-if-cut-off") { Description = "Also where a new connection by your present way would not get in." };
        Command command = new("undo", "Take a confirmed change back; refused where somebody has changed the same since.") { id, anyway };
        command.SetAction(result =>
        {
            RequireRoot("undo");
            RemoteSession? session = machines.Session();
            (ChangeRecord change, string? notAtStart) = Settling(machines).Undo(
                result.GetValue(id), script => result.GetValue(anyway) ? null : DrawPlan.CutOff(FactSource.Take(machines, new CommonOptions(), result, withPackages: false), script, machines.GivenRules, session));
            Output.Write($"{change.Id} was undone.\n", file: null);
            if (notAtStart is not null)
            {
                Output.Complain($"what the machine's start loads could not be changed: {notAtStart}.");
            }

            return notAtStart is null ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    private static SettleChange Settling(IMachineSource machines) => new(machines.Changes(), () => machines.Now);

    private static void RequireRoot(string command)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InputException($"{command}: only root can change the firewall: sudo portcullis {command}.");
        }
    }
}
