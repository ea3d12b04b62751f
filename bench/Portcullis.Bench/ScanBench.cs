using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scanning;

namespace Portcullis.Bench;

/// <summary>
/// Scans all TCP ports of a host with 100 open ones by Portcullis and nmap in turns: whole processes, wall time and processor
/// time, and how many ports each missed or invented. Wants root; the hosts are network namespaces of its own.
/// </summary>
internal static partial class ScanBench
{
    private const int Open = 100;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Rounds (3), and a part of a case's name for that alone.</param>
    internal static async Task<int> Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        string part = arguments.Length > 1 ? arguments[1] : "";
        Console.WriteLine($"rounds: {rounds}, processors: {Environment.ProcessorCount}, seconds (median), 65,535 ports of which {Open} are open");
        foreach ((string name, string? verdict, LinkFaults? faults) in ((string, string?, LinkFaults?)[])
        [
            ("refused", null, null), ("dropped", "drop", null),
            ("refused, 20 ms and 1 % loss each way", null, new LinkFaults { Delay = 20, Loss = 0.01 }), ("dropped, 20 ms and 1 % loss each way", "drop", new LinkFaults { Delay = 20, Loss = 0.01 }),
        ])
        {
            if (name.Contains(part, StringComparison.Ordinal))
            {
                await Case(name, verdict, faults, rounds);
            }
        }

        return 0;
    }

    private static async Task Case(string name, string? verdict, LinkFaults? faults, int rounds)
    {
        using KnownTarget target = await KnownTarget.Make(Open, seed: 1, faults);
        if (verdict is not null)
        {
            await target.Guard(verdict);
        }

        string program = InventoryBench.Program() ?? throw new LabException("run ./portcullis --version first: it builds what is measured");
        List<(string Name, string[] Command)> peers =
        [
            ("portcullis scan", [program, "scan", KnownTarget.Address, "--i-own-this", "--json"]),
            ("portcullis scan --connect", [program, "scan", KnownTarget.Address, "--i-own-this", "--json", "--connect"]),
            ("nmap -sS -T4", ["nmap", "-sS", "-T4", "-n", "-Pn", "-p-", "--host-timeout", "120s", KnownTarget.Address]),
            ("nmap -sS -T5 --min-rate 100000", ["nmap", "-sS", "-T5", "--min-rate", "100000", "-n", "-Pn", "-p-", "--host-timeout", "120s", KnownTarget.Address]),
            ("nmap -sT -T4", ["nmap", "-sT", "-T4", "-n", "-Pn", "-p-", "--host-timeout", "120s", KnownTarget.Address]),
        ];
        if (faults is not null || verdict is not null)
        {
            peers.RemoveAll(static peer => peer.Name is "nmap -sS -T4" or "nmap -sT -T4"); // minutes
        }

        Dictionary<string, List<(double Seconds, double Processor, int Missed, int Invented)>> measured = [];
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string peer, string[] command) in peers)
            {
                if (!measured.TryGetValue(peer, out List<(double, double, int, int)>? runs))
                {
                    measured[peer] = runs = [];
                }

                runs.Add(await One(target, command));
            }
        }

        Console.WriteLine($"\n{name}\n{"",-34}{"wall",8}{"processor",11}{"missed",8}{"invented",10}");
        foreach ((string peer, List<(double Seconds, double Processor, int Missed, int Invented)> runs) in measured)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{peer,-34}{Median(runs.Select(static run => run.Seconds)),8:0.00}{Median(runs.Select(static run => run.Processor)),11:0.00}{runs.Sum(static run => run.Missed),8}{runs.Sum(static run => run.Invented),10}"));
        }
    }

    private static async Task<(double Seconds, double Processor, int Missed, int Invented)> One(KnownTarget target, string[] command)
    {
        // bash tells the processor time of what it ran; ip and bash cost some milliseconds, the same for all.
        string output = Path.GetTempFileName();
        try
        {
            string line = $"TIMEFORMAT='%R %U %S'; time \"$@\" > {output} 2>&1";
            CommandResult result = await target.Scanner.Run("bash", ["-c", line, "bash", .. command]);
            double[] times = [.. result.Error.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(3).Select(static text => double.Parse(text, CultureInfo.InvariantCulture))];
            HashSet<int> found = [.. OpenPort().Matches(await File.ReadAllTextAsync(output)).Select(static match => int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture))];
            return (times[0], times[1] + times[2], target.Open.Count(port => !found.Contains(port)), found.Count(port => !target.Open.Contains(port)));
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // nmap's table, or our JSON.
    [GeneratedRegex(@"^(?<port>\d+)/tcp +open|""port"": (?<port>\d+),\s+""state"": ""open""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex OpenPort();
}
