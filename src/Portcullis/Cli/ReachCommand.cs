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
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Argument<string?> port = new("PORT") { Description = "A port (22, 53/udp) or the name of a service; without it all of TCP and UDP.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> from = new("--from") { Description = "Only from this address, or this zone: internet, private, link, host, or one of the policy.", HelpName = "ADDR|ZONE" };
        Option<bool> explain = new("--explain") { Description = "Show how a packet walks through the rules, chain by chain, for each way in which those to PORT fare." };
        Command command = new("reach", "Tell who can reach which ports through the firewall, and the rule that decides.")
        {
            port, from, explain, common.Policy, common.Snapshot, common.Replay, common.Json, common.Output, common.Verbose, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy? policy = common.PolicyOf(result);
            ReachInquiry inquiry = Inquiry(result.GetValue(port), result.GetValue(from), policy);
            bool isExplained = result.GetValue(explain);
            if (isExplained && inquiry.Ports is null)
            {
                throw new InputException("--explain: name a port, such as: portcullis reach 443 --explain.");
            }

            Snapshot snapshot = FactSource.Take(machines, common, result);
            ReachReport report = WhoReaches.Of(snapshot, inquiry, policy);
            ImmutableArray<Witness> walks = isExplained ? WhoReaches.Walks(snapshot, inquiry, policy) : [];
            string? file = result.GetValue(common.Output);
            if (result.GetValue(common.Json))
            {
                Output.Write(ReachJson.Write(report, isExplained ? walks : null), file);
            }
            else
            {
                Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
                Output.Write(ReachText.Render(report, terminal, result.GetValue(common.Verbose) || inquiry.Ports is not null) + WalkText.Render(walks, terminal), file);
            }

            return report.Complete ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
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
