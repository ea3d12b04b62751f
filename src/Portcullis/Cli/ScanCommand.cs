using System;
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
    private const int Ahead = 128; // hosts that are waited for at once

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
        Option<bool> verbose = new("--verbose", "-v") { Description = "Show every port that is not in the commonest state." };
        Option<bool> owned = new("--i-own-this") { Description = "The target is mine, or I was asked to scan it." };
        Command command = new("scan", "Ask each port of a host from outside: open, closed, filtered or rejected.")
        {
            target, ports, identify, expect, rate, connect, owned, common.Policy, common.Json, common.Output, verbose, common.NoColor,
        };
        command.SetAction(result =>
        {
            PortList list = PortsOf(result.GetValue(ports)!, "--ports");
            PortList? expected = result.GetValue(expect) is string text ? PortsOf(text, "--expect") : null;
            double? most = RateOf(result.GetValue(rate));
            HostPolicy? policy = common.PolicyOf(result);
            IReadOnlyList<NamedTarget> targets = TargetList.WithLinks(result.GetValue(target)!);
            foreach (NamedTarget one in targets)
            {
                TargetScope.Check(doors, one.Address, policy, result.GetValue(owned));
            }

            SayHowLong(doors, list, targets);
            bool isRaw = doors.HasRawPackets(out string why) && !result.GetValue(connect);
            ScanRequest request = new()
            {
                Target = "",
                Address = IpAddress.AnyV4,
                TcpPorts = list.Tcp,
                UdpPorts = list.Udp,
                Method = isRaw ? ProbeKind.Syn : ProbeKind.Connect,
                Rate = most,
                Identify = result.GetValue(identify),
                Seed = 0,
            };
            string? file = result.GetValue(common.Output);
            Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
            Func<ScanReport, byte[]> write = result.GetValue(common.Json)
                ? report => ScanJson.Write(report, isLine: targets.Count > 1)
                : report => Encoding.UTF8.GetBytes(ScanText.Render(report, terminal, isRaw ? null : result.GetValue(connect) ? "as --connect asks" : why, result.GetValue(verbose)));
            return All(doors, request, targets, expected, write, separator: result.GetValue(common.Json) ? "" : "\n", file);
        });
        return command;
    }

    /// <summary>Scans one target after the other; each is told as soon as it is done, and forgotten.</summary>
    private static int All(
        IProbeDoors doors, ScanRequest request, IReadOnlyList<NamedTarget> targets, PortList? expected, Func<ScanReport, byte[]> write, string separator, string? file)
    {
        using Interrupt interrupt = new();
        using GrowingOutput output = new(file);
        int code = ExitCode.Clean;
        for (int at = 0, ahead = 0; at < targets.Count; at++)
        {
            for (; targets.Count > 1 && ahead < Math.Min(at + Ahead, targets.Count); ahead++)
            {
                doors.AskAhead(targets[ahead].Address, targets[ahead].Link);
            }

            (string name, IpAddress address, int link) = targets[at];
            ScanReport report = at > 0 && interrupt.Token.IsCancellationRequested
                ? NotProbed(name, address, "the scan was interrupted before it came to it", "let it come to its end") with { WasInterrupted = true }
                : One(doors, request with { Target = name, Address = address, Link = link, Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) }, targets.Count > 1, interrupt.Token);
            output.Add(Encoding.UTF8.GetBytes(at > 0 ? separator : ""));
            output.Add(write(report));
            code = Graver(code, CodeOf(report, expected));
        }

        output.Finish();
        return code;
    }

    /// <summary>A sweep of many UDP ports takes longer than anybody expects: why, and what to do instead.</summary>
    private static void SayHowLong(IProbeDoors doors, PortList list, IReadOnlyList<NamedTarget> targets)
    {
        double seconds = list.Udp.IsEmpty ? 0 : targets.Where(target => !doors.IsThisMachine(target.Address)).Sum(target => Scan.UdpSeconds(list.Udp.Length, target.Address.Version));
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
            return isOneOfMany || cancellation.IsCancellationRequested
                ? NotProbed(request.Target, request.Address, refused.Message, null) with { WasInterrupted = cancellation.IsCancellationRequested }
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

    private static ScanReport NotProbed(string name, IpAddress address, string why, string? remedy) =>
        new() { Target = name, Address = address, Gaps = [new Gap("the target", why, remedy)] };

    private static int CodeOf(ScanReport report, PortList? expected)
    {
        bool isOtherOpen = expected is not null && report.Ports.Any(port => port.State == PortState.Open
            && !(port.Protocol == Protocol.Udp ? expected.Udp : expected.Tcp).Contains(port.Port));
        return report.WasInterrupted ? ExitCode.Interrupted : isOtherOpen ? ExitCode.Findings : report.Complete ? ExitCode.Clean : ExitCode.Incomplete;
    }

    /// <summary>The one of two codes that says more: an interruption before what was found, that before what could not be.</summary>
    private static int Graver(int one, int other) => Array.Find([ExitCode.Interrupted, ExitCode.Findings, ExitCode.Incomplete], code => code == one || code == other);
}
