using System;
using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Portcullis.Cli.Files;
using Portcullis.Cli.Json;
using Portcullis.Cli.Report;
using Portcullis.Cli.Scanning;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis scan TARGET</c>: the outside view of a host.</summary>
internal static class ScanCommand
{
    internal static Command Make(IProbeDoors doors)
    {
        CommonOptions common = new();
        Argument<string> target = new("TARGET") { Description = "An address, a name, a block (10.0.5.0/28) or a range (10.0.5.1-20)." };
        Option<string> ports = new("--ports", "-p")
        {
            Description = "The ports: 22,80,8000-8100,53/udp, names of services, all (all TCP ports), udp (the UDP ports worth asking).",
            HelpName = "PORTS",
            DefaultValueFactory = static _ => "all",
        };
        Option<string?> expect = new("--expect") { Description = "The ports that should be open; ends with 1 where others are.", HelpName = "PORTS" };
        Option<string?> rate = new("--rate") { Description = "At most N packets a second, or max: as fast as the way there carries. Gentle by default where routers stand between.", HelpName = "N|max" };
        Option<bool> identify = new("--identify") { Description = "Ask each open port what really answers there, and whether it wants to know who asks." };
        Option<bool> connect = new("--connect") { Description = "By ordinary connections, as without privileges." };
        Option<bool> owned = new("--i-own-this") { Description = "The target is mine, or I was asked to scan it." };
        Command command = new("scan", "Ask each port of a host from outside: open, closed, filtered or rejected.")
        {
            target, ports, identify, expect, rate, connect, owned, common.Policy, common.Json, common.Output, common.Verbose, common.NoColor,
        };
        command.SetAction(result =>
        {
            PortList list = PortsOf(result.GetValue(ports)!, "--ports");
            PortList? expected = result.GetValue(expect) is string text ? PortsOf(text, "--expect") : null;
            double? most = RateOf(result.GetValue(rate));
            HostPolicy? policy = common.PolicyOf(result);
            IReadOnlyList<(string Name, IpAddress Address)> targets = TargetList.Of(result.GetValue(target)!);
            foreach ((_, IpAddress address) in targets)
            {
                TargetScope.Check(doors, address, policy, result.GetValue(owned));
            }

            SayHowLong(list, targets);
            bool isRaw = doors.HasRawPackets(out string why) && !result.GetValue(connect);
            using Interrupt interrupt = new();
            List<ScanReport> reports = [];
            foreach ((string name, IpAddress address) in targets)
            {
                ScanRequest request = new()
                {
                    Target = name,
                    Address = address,
                    TcpPorts = list.Tcp,
                    UdpPorts = list.Udp,
                    Method = isRaw ? ProbeKind.Syn : ProbeKind.Connect,
                    Rate = most,
                    Identify = result.GetValue(identify),
                    Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
                };
                reports.Add(One(doors, request, targets.Count > 1, interrupt.Token));
                if (interrupt.Token.IsCancellationRequested)
                {
                    break;
                }
            }

            Write(result, common, reports, isRaw ? null : result.GetValue(connect) ? "as --connect asks" : why);
            return CodeOf(reports, expected);
        });
        return command;
    }

    /// <summary>A sweep of many UDP ports takes longer than anybody expects: why, and what to do instead.</summary>
    private static void SayHowLong(PortList list, IReadOnlyList<(string Name, IpAddress Address)> targets)
    {
        double seconds = targets.Sum(target => Scan.UdpSeconds(list.Udp.Length, target.Address.Version));
        if (seconds > 300 && !Console.IsErrorRedirected)
        {
            TimeSpan time = TimeSpan.FromSeconds(seconds);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"portcullis: {list.Udp.Length:N0} UDP ports can take {(time.TotalHours >= 2 ? $"{time.TotalHours:0} hours" : $"{time.TotalMinutes:0} minutes")}: a closed one is told by ICMP, which hosts send about once a second. -p udp asks the {PortList.InterestingUdp.Length} that matter."));
        }
    }

    private static ScanReport One(IProbeDoors doors, ScanRequest request, bool isOneOfMany, CancellationToken cancellation)
    {
        using ScanProgressLine progress = new(request.Target);
        try
        {
            return Scan.Of(doors, request, progress.Tell, cancellation);
        }
        catch (ProbeException refused)
        {
            return isOneOfMany
                ? new ScanReport { Target = request.Target, Address = request.Address, Gaps = [new Gap("the target", refused.Message, null)] }
                : throw new InputException($"cannot scan {request.Target}: {refused.Message}.");
        }
    }

    private static PortList PortsOf(string text, string option) =>
        PortList.Parse(text, out string? error) ?? throw new InputException($"{option}: {error}.");

    private static double? RateOf(string? text) => text switch
    {
        null => null,
        "max" => double.MaxValue,
        _ when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and < 1e9 => rate,
        _ => throw new InputException($"--rate: '{text}' is no number of packets a second; write one like 1000, or max."),
    };

    private static void Write(ParseResult result, CommonOptions common, List<ScanReport> reports, string? why)
    {
        string? file = result.GetValue(common.Output);
        if (result.GetValue(common.Json))
        {
            ArrayBufferWriter<byte> lines = new();
            foreach (ScanReport report in reports)
            {
                lines.Write(ScanJson.Write(report, isLine: reports.Count > 1));
            }

            Output.Write(lines.WrittenSpan, file);
            return;
        }

        Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
        StringBuilder text = new();
        foreach (ScanReport report in reports)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(ScanText.Render(report, terminal, why, result.GetValue(common.Verbose)));
        }

        Output.Write(text.ToString(), file);
    }

    private static int CodeOf(List<ScanReport> reports, PortList? expected)
    {
        if (reports.Exists(static report => report.WasInterrupted))
        {
            return ExitCode.Interrupted;
        }

        bool isOtherOpen = expected is not null && reports.Exists(report => report.Ports.Any(port => port.State == PortState.Open
            && !(port.Protocol == Protocol.Udp ? expected.Udp : expected.Tcp).Contains(port.Port)));
        return isOtherOpen ? ExitCode.Findings : reports.TrueForAll(static report => report.Complete) ? ExitCode.Clean : ExitCode.Incomplete;
    }
}
