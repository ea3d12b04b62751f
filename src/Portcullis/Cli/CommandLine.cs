using System;
using System.CommandLine;
using System.CommandLine.Help;
using Portcullis.Cli.Files;
using Portcullis.Core.Edges;

namespace Portcullis.Cli;

/// <summary>The tree of commands, and the one place where a failure becomes a line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line; returns the exit code.</summary>
    internal static int Run(string[] arguments, IMachineSource machines)
    {
        try
        {
            ParseResult result = Tree(machines).Parse(arguments);
            if (result.Errors.Count > 0 && result.Action is not HelpWithExamples)
            {
                string where = result.CommandResult.Command is RootCommand ? "" : " " + result.CommandResult.Command.Name;
                Output.Complain($"{result.Errors[0].Message} Try: portcullis{where} --help");
                return ExitCode.BadInput;
            }

            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (InputException input)
        {
            Output.Complain(input.Message);
            return ExitCode.BadInput;
        }
        catch (ChangeException refused)
        {
            Output.Complain(refused.Message + ".");
            return ExitCode.Refused;
        }
#pragma warning disable CA1031 // the last resort: a defect is told in one line, with its place for whoever mends it
        catch (Exception defect)
#pragma warning restore CA1031
        {
            Output.Complain($"this is a defect of Portcullis: {defect.GetType().Name}: {defect.Message} (set PORTCULLIS_DEBUG=1 for its place, and please report it)");
            if (Environment.GetEnvironmentVariable("PORTCULLIS_DEBUG") == "1")
            {
                Console.Error.WriteLine(defect);
            }

            return ExitCode.Defect;
        }
    }

    private static RootCommand Tree(IMachineSource machines)
    {
        RootCommand root = new("Portcullis shows which ports of this machine are open, where they can be heard, and who holds them.")
        {
            AuditCommand.Make(machines),
            InspectCommand.Make(machines),
            ExplainCommand.Make(machines),
            ReachCommand.Make(machines),
            ScanCommand.Make(machines.Probes),
            TraceCommand.Make(machines),
            PlanCommand.Make(machines),
            ApplyCommand.Make(machines),
            SettleCommands.Confirm(machines),
            SettleCommands.Revert(machines),
            SettleCommands.Undo(machines),
            VerifyCommand.Make(machines),
            ChangesCommand.Make(machines),
            RolesCommand.Make(),
            SuggestCommand.Make(machines),
            AcceptCommand.Make(),
            CompletionCommand.Make(),
        };
        BriefCommand.Attach(root, machines);
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help && help.Action is HelpAction plain)
            {
                help.Action = new HelpWithExamples(plain);
            }
        }

        return root;
    }
}
