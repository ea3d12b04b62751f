using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;
using Portcullis.Core.Text.Rulesets;

namespace Portcullis.Cli;

/// <summary><c>portcullis reach [PORT]</c>: who can reach what, and the rule that decides.</summary>
internal static class ReachCommand
{
    private const int LargestRuleset = 1 << 26;

    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Argument<string?> port = new("PORT") { Description = "A port (22, 53/udp) or the name of a service; without it all of TCP and UDP.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> from = new("--from") { Description = "Only from this address, or this zone: internet, private, link, host, or one of the policy.", HelpName = "ADDR|ZONE" };
        Option<string?> ruleset = new("--ruleset")
        {
            Description = "By the rules in FILE, not those in force: an nft script or listing, also of nft -j, or what iptables-save and ip6tables-save print (- for standard input).",
            HelpName = "FILE",
        };
        Command command = new("reach", "Tell who can reach which ports through the firewall, and the rule that decides.")
        {
            port, from, ruleset, common.Policy, common.Snapshot, common.Replay, common.Json, common.Output, common.Verbose, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy? policy = common.PolicyOf(result);
            ReachInquiry inquiry = Inquiry(result.GetValue(port), result.GetValue(from), policy);
            ReachReport report = result.GetValue(ruleset) is string given
                ? ByRuleset(machines, common, result, given, inquiry, policy)
                : WhoReaches.Of(FactSource.Take(machines, common, result), inquiry, policy);
            string? file = result.GetValue(common.Output);
            if (result.GetValue(common.Json))
            {
                Output.Write(ReachJson.Write(report), file);
            }
            else
            {
                Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
                Output.Write(ReachText.Render(report, terminal, result.GetValue(common.Verbose) || inquiry.Ports is not null), file);
            }

            return report.Complete ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    private static ReachReport ByRuleset(IMachineSource machines, CommonOptions common, ParseResult result, string file, ReachInquiry inquiry, HostPolicy? policy)
    {
        string? facts = result.GetValue(common.Snapshot) ?? result.GetValue(common.Replay);
        if (file == "-" && facts == "-")
        {
            throw new InputException("--ruleset and --snapshot can't both be standard input.");
        }

        string name = InputFile.NameOf(file);
        ImmutableArray<RulesetScript> scripts = RulesetScripts.Of(Encoding.UTF8.GetString(InputFile.Read(file, LargestRuleset, "which no ruleset is")), out string? error);
        if (error is not null)
        {
            throw new InputException($"{name}: {error}.");
        }

        Snapshot snapshot = FactSource.Take(machines, common, result);
        GivenRules rules;
        using (Progress.Say("loading the ruleset"))
        {
            rules = machines.GivenRules.Read(scripts, name, file == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/", WhoReaches.InterfacesOf(snapshot));
        }

        if (rules.Ruleset is null)
        {
            throw new InputException(rules.Refusal ?? $"{name}: could not be read");
        }

        Output.Complain($"{name} is judged with the addresses, interfaces and routes of {(facts is null ? "this machine" : snapshot.Host.Name)}.");
        return WhoReaches.ByRuleset(snapshot, rules, scripts, inquiry, policy);
    }

    private static ReachInquiry Inquiry(string? port, string? from, HostPolicy? policy)
    {
        ImmutableArray<(int, Protocol)>? ports = null;
        if (port is not null)
        {
            ImmutableArray<PortQuestion> questions = Explain.Parse(port, out string? error);
            ports = error is null ? [.. questions.Select(question => (question.Port, question.Protocol))] : throw new InputException($"reach: {error}.");
        }

        if (from is null)
        {
            return new ReachInquiry(ports, null, null);
        }

        if (IpAddress.TryParse(from, out IpAddress address))
        {
            return new ReachInquiry(ports, address.Unmapped(), null);
        }

        bool isKnown = policy?.Knows(from) ?? Zone.IsBuiltIn(from);
        return isKnown ? new ReachInquiry(ports, null, from)
            : throw new InputException($"--from: '{from}' is no address and no zone; the zones are: {string.Join(", ", Zone.BuiltIn.Concat(policy?.Zones.Select(zone => zone.Name) ?? []))}.");
    }
}
