using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

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
        Option<bool> explain = new("--explain") { Description = "Show how a packet walks through the rules, chain by chain, for each way in which those to PORT fare." };
        Option<string?> ruleset = new("--ruleset")
        {
            Description = "By the rules in FILE, not those in force: an nft script or listing, also of nft -j, or what iptables-save and ip6tables-save print (- for standard input).",
            HelpName = "FILE",
        };
        Option<string[]> diff = new("--diff")
        {
            Description = "What a change from the rules in OLD to those in NEW would open and close, in packets; OLD may be 'live' for the rules in force. Ends with 1 where they differ.",
            HelpName = "OLD NEW",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        Command command = new("reach", "Tell who can reach which ports through the firewall, and the rule that decides.")
        {
            port, from, explain, ruleset, diff, common.Policy, common.Snapshot, common.Replay, common.Json, common.Output, common.Verbose, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy? policy = common.PolicyOf(result);
            ReachInquiry inquiry = Inquiry(result.GetValue(port), result.GetValue(from), policy);
            string? given = result.GetValue(ruleset);
            string[] pair = result.GetValue(diff) ?? [];
            Refuse(inquiry, result.GetValue(explain), given, pair, result.GetValue(common.Snapshot) ?? result.GetValue(common.Replay));
            Snapshot snapshot = FactSource.Take(machines, common, result, withPackages: false); // which takes a third of the time
            RuleFile rules = new(machines, snapshot, result.GetValue(common.Snapshot) ?? result.GetValue(common.Replay));
            if (pair is [string old, string next])
            {
                ReachDifference difference = WhoReaches.Difference(snapshot, rules.Of(old), rules.Of(next), inquiry, policy);
                Write(result, common, () => ReachDifferenceJson.Write(difference), terminal => ReachDifferenceText.Render(difference, terminal));
                return !difference.Changes.IsEmpty ? ExitCode.Findings : difference.Complete ? ExitCode.Clean : ExitCode.Incomplete;
            }

            RulesInQuestion asked = rules.Of(given ?? RuleFile.Live);
            ReachReport report = WhoReaches.Of(snapshot, asked, inquiry, policy);
            ImmutableArray<Witness>? walks = result.GetValue(explain) ? WhoReaches.Walks(asked, inquiry, policy) : null;
            bool all = result.GetValue(common.Verbose) || inquiry.Ports is not null;
            Write(result, common, () => ReachJson.Write(report, walks), terminal => ReachText.Render(report, terminal, all) + WalkText.Render(walks ?? [], terminal));
            return report.Complete ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    private static void Write(ParseResult result, CommonOptions common, Func<byte[]> json, Func<Terminal, string> text)
    {
        string? file = result.GetValue(common.Output);
        if (result.GetValue(common.Json))
        {
            Output.Write(json(), file);
            return;
        }

        Output.Write(text(file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true)), file);
    }

    /// <summary>Refuses what does not go together.</summary>
    private static void Refuse(ReachInquiry inquiry, bool isExplained, string? given, string[] pair, string? facts)
    {
        if (isExplained && inquiry.Ports is null)
        {
            throw new InputException("--explain: name a port, such as: portcullis reach 443 --explain.");
        }

        if (pair.Length > 0 && (isExplained || given is not null))
        {
            throw new InputException($"--diff and {(isExplained ? "--explain" : "--ruleset")} don't go together.");
        }

        if (((string?[])[given, .. pair, facts]).Count(one => one == "-") > 1)
        {
            throw new InputException("Only one of them can be standard input: --ruleset, --diff, --snapshot, --replay.");
        }
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
