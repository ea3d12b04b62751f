using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.InteropServices;
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
            using CancellationTokenSource cancellation = new();
            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
            {
                signal.Cancel = true; // what is known is told first
                cancellation.Cancel();
            });
            TraceReport report = Run(machines, asked, result.GetValue(path) || isWatched, cancellation.Token);
            if (result.GetValue(pcap) is string file)
            {
                Output.Write(TraceCapture.Write(report), file);
            }

            Write(result, common, report, result.GetValue(explain));
            if (isWatched && !cancellation.IsCancellationRequested)
            {
                PathWatch.Run(machines, asked, report, cancellation.Token);
                return ExitCode.Interrupted;
            }

            return report.WasInterrupted ? ExitCode.Interrupted
                : report.Complete && report.Verdict != TraceVerdict.Unknown ? ExitCode.Clean
                : ExitCode.Incomplete;
        });
        return command;
    }

    private static TraceReport Run(IMachineSource machines, TraceRequest asked, bool isRouted, CancellationToken cancellation)
    {
        using Progress progress = Progress.Say($"connecting to {asked.Name}");
        try
        {
            TraceReport report = Trace.Of(machines.Traces, asked, cancellation);
            return isRouted && !cancellation.IsCancellationRequested ? TracePath.Add(machines.Traces, asked, report, cancellation) : report;
        }
        catch (ProbeException refused)
        {
            throw new InputException($"cannot trace {asked.Name}: {refused.Message}.");
        }
    }

    private static void Write(ParseResult result, CommonOptions common, TraceReport report, bool isExplained)
    {
        string? file = result.GetValue(common.Output);
        if (result.GetValue(common.Json))
        {
            Output.Write(TraceJson.Write(report), file);
            return;
        }

        Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
        Output.Write(TraceText.Render(report, terminal, isExplained), file);
    }
}
