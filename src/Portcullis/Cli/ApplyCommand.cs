using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Portcullis.Cli.Files;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis apply [PLAN]</c>: makes what the plan says; it reverts by itself unless it is confirmed.</summary>
internal static class ApplyCommand
{
    private const int LargestPlan = 1 << 26;

    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Argument<string?> saved = new("PLAN") { Description = "A plan that was saved by 'portcullis plan --json'; it is refused if what it touches has changed since.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Option<int> within = new("--confirm-within") { Description = "How many seconds it waits for 'portcullis confirm' before it reverts by itself: 10 to 86400.", HelpName = "SECONDS", DefaultValueFactory = static _ => 60 };
        Option<bool> anyway = new("--even-if-cut-off") { Description = "Also where a new connection by your present way would not get in." };
        within.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 10 and <= 86_400))
            {
                result.AddError($"--confirm-within: '{result.Tokens[0].Value}' is no number of seconds from 10 to 86400.");
            }
        });
        Command command = new("apply", "Show the plan, ask, and carry it out; it reverts by itself unless 'portcullis confirm' follows in time.")
        {
            saved, yes, within, anyway, common.Policy, common.Role, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy policy = PlanCommand.PolicyOf(common, result);
            string? wanted = result.GetValue(saved) is string file ? NameIn(file) : null;
            if (!Environment.IsPrivilegedProcess)
            {
                throw new InputException("apply: only root can change the firewall: sudo portcullis apply.");
            }

            Func<Snapshot> look = () => FactSource.Take(machines, common, result);
            RemoteSession? session = machines.Session();
            Plan plan = PlanCommand.Draw(machines, look(), policy, session);
            Output.Write(PlanText.Render(plan, Terminal.OfStandardOutput(result.GetValue(common.NoColor)), isVerbose: false), file: null);
            if (wanted is not null && wanted != plan.Id)
            {
                throw new ChangeException($"the saved plan {wanted} no longer fits: the machine or the policy has changed, and it would now be {plan.Id}. Plan again, and look at it");
            }

            ChangeTools tools = machines.Changes();
            if (plan.Steps.IsEmpty)
            {
                if (new ChangeHistory(tools.Journal).Last(ChangeState.Waiting) is ChangeRecord waiting)
                {
                    Output.Complain($"what makes it so is the change {waiting.Id}, which is taken back unless it is confirmed: sudo portcullis confirm.");
                }

                return ExitCode.Clean;
            }

            if (plan.Refused is string refused && !(result.GetValue(anyway) && plan.IsCutOff))
            {
                throw new ChangeException($"not carried out: {refused}{(plan.IsCutOff ? "; or say --even-if-cut-off" : "")}");
            }

            if (!result.GetValue(yes) && !Agreed())
            {
                Output.Complain("nothing was changed.");
                return ExitCode.Refused;
            }

            TimeSpan patience = TimeSpan.FromSeconds(result.GetValue(within));
            long start = TimeProvider.System.GetTimestamp();
            string change = new ApplyPlan(tools, () => machines.Now).Run(plan, policy, Who(), session, patience, look, snapshot => PlanCommand.Draw(machines, snapshot, policy, session));
            TimeSpan left = patience - TimeProvider.System.GetElapsedTime(start);
            Output.Write(string.Create(CultureInfo.InvariantCulture, $"\nMade, and as claimed. It reverts by itself in {Math.Max(0, Math.Floor(left.TotalSeconds)):0} s unless you confirm it{(session is null ? "" : " over a new connection")}: sudo portcullis confirm ({change})\n"), file: null);
            return ExitCode.Clean;
        });
        return command;
    }

    /// <summary>Asks; only a whole yes is one.</summary>
    private static bool Agreed()
    {
        if (Console.IsInputRedirected)
        {
            throw new InputException("apply: there is nobody to ask: look at the plan, and say --yes.");
        }

        Console.Error.Write("\nCarry it out? (yes/no) ");
        return Console.In.ReadLine()?.Trim() is "yes";
    }

    /// <summary>The name of a saved plan.</summary>
    private static string NameIn(string file)
    {
        string name = InputFile.NameOf(file);
        try
        {
            using JsonDocument document = JsonDocument.Parse(InputFile.Read(file, LargestPlan, "which no plan is").ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("schema", out JsonElement schema) && schema.ValueKind == JsonValueKind.String && schema.GetString() == Json.PlanJson.SchemaName
                && document.RootElement.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String)
            {
                return id.GetString()!;
            }
        }
        catch (JsonException)
        {
            // told below
        }

        throw new InputException($"{name}: not a plan. Save one with: portcullis plan --json --output plan.json");
    }

    private static string Who() => Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : Environment.UserName;
}
