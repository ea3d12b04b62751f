using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Security.Cryptography;
using System.Threading;
using Portcullis.Cli.Files;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Scanning;
using Portcullis.Cli.Table;
using Portcullis.Cli.Tracing;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;
using Portcullis.Core.Probing;

namespace Portcullis.Cli;

/// <summary><c>portcullis trace TARGET:PORT</c>: one connection, packet by packet.</summary>
internal static class TraceCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Argument<string> target = new("TARGET:PORT") { Description = "A host and a TCP port: 10.0.5.7:22, [fd00::7]:22, web1:https." };
        Option<string?> request = new("--request")
        {
            Description = "Send TEXT once the connection stands (\\r \\n \\t \\x00 stand for themselves), or the harmless first question of the service that is usual on the port (auto), and show what comes back.",
            HelpName = "TEXT|auto",
        };
        Option<bool> explain = new("--explain") { Description = "Say of each packet in plain words what it is for." };
        Option<string?> pcap = new("--pcap") { Description = "Also write the packets to FILE (pcapng), which Wireshark and tcpdump read.", HelpName = "FILE" };
        Option<bool> path = new("--path") { Description = "Also find the way there, by probes to the port itself: every router, several ways where the network balances, and where packets are lost." };
        Option<bool> watch = new("--watch") { Description = "With --path: stay, and tell when the way changes." };
        Option<bool> owned = new("--i-own-this") { Description = "The target is mine, or I was asked to probe it." };
        Command command = new("trace", "Connect to one port and show every packet: handshake, data, receipts, resends.")
        {
            target, request, explain, pcap, path, watch, owned, common.Policy, common.Json, common.Output, common.NoColor,
        };
        command.SetAction(result =>
        {
            HostPolicy? policy = common.PolicyOf(result);
            (string name, IpAddress address, ushort port) = TraceTarget.Of(result.GetValue(target)!);
            string? text = result.GetValue(request);
            (ImmutableArray<byte> question, string? reason) = TraceQuestion.Of(text, name, port);
            TraceRequest asked = new()
            {
                Target = name,
                Address = address,
                Port = port,
                Secret = new SipHash(RandomNumberGenerator.GetBytes(16)),
                Request = question,
                RequestReason = reason,
                Patience = TimeSpan.FromSeconds(text is null ? 0.5 : 3),
            };
            TargetScope.Check(machines.Probes, address, policy, result.GetValue(owned));
            bool isWatched = result.GetValue(watch);
            string? file = result.GetValue(pcap);
            CheckOutputs(result.GetValue(common.Output), file, isWatched);
            using GrowingOutput output = new(result.GetValue(common.Output));
            using GrowingOutput? capture = file is null ? null : new GrowingOutput(file);
            using Interrupt interrupt = new();
            TraceReport report = Run(machines, asked, result.GetValue(path) || isWatched, interrupt.Token);
            if (file is not null && report.Source is null)
            {
                report = report with { Gaps = report.Gaps.Add(new Gap("the capture file", "there are no packets to write", null)) };
            }
            else
            {
                capture?.Add(TraceCapture.Write(report));
                capture?.Finish();
            }

            if (report.WasInterrupted || !isWatched)
            {
                interrupt.Dispose(); // what follows is not to be waited for
            }

            Write(result, common, report, result.GetValue(explain), isWatched, output);
            return report.WasInterrupted ? ExitCode.Interrupted
                : isWatched ? Watch(machines, asked, report, result.GetValue(common.Json), interrupt.Token)
                : report.Complete && report.Verdict != TraceVerdict.Unknown ? ExitCode.Clean
                : ExitCode.Incomplete;
        });
        return command;
    }

    /// <summary>Refuses outputs that would run into each other, before anything is sent.</summary>
    private static void CheckOutputs(string? answer, string? capture, bool isWatched)
    {
        if (capture == "-" && answer is (null or "-"))
        {
            throw new InputException("--pcap - and the answer would both go to standard output: give one of them a file.");
        }

        if (isWatched && answer is not (null or "-"))
        {
            throw new InputException("--watch tells what changes while it goes on: it goes to standard output; leave --output out.");
        }
    }

    private static TraceReport Run(IMachineSource machines, TraceRequest asked, bool isRouted, CancellationToken cancellation)
    {
        using Progress progress = Progress.Say($"connecting to {asked.Name}");
        try
        {
            TraceReport report = Trace.Of(machines.Traces, asked, cancellation);
            return isRouted ? TracePath.Add(machines.Traces, asked, report, cancellation) : report;
        }
        catch (ProbeException refused)
        {
            throw new InputException($"cannot trace {asked.Name}: {refused.Message}.");
        }
    }

    private static int Watch(IMachineSource machines, TraceRequest asked, TraceReport report, bool isJson, CancellationToken cancellation)
    {
        if (report.PathPort == 0)
        {
            Output.Complain("--watch: nothing can be seen of the way, so nothing could be told of it");
            return ExitCode.Incomplete;
        }

        PathWatch.Run(machines, asked, report, isJson, cancellation);
        return ExitCode.Interrupted;
    }

    private static void Write(ParseResult result, CommonOptions common, TraceReport report, bool isExplained, bool isWatched, GrowingOutput output)
    {
        if (result.GetValue(common.Json))
        {
            output.Add(TraceJson.Write(report, isIndented: !isWatched));
            output.Finish();
            return;
        }

        Terminal terminal = result.GetValue(common.Output) is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
        output.Add(TraceText.Render(report, terminal, isExplained));
        output.Finish();
    }
}
