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
/// Scans all TCP ports of a host with 100 open ones by Portcullis, nmap and masscan in turns: whole processes, wall time and processor
/// time, memory and packets, and how many ports each missed or invented. Wants root, and nmap, masscan and time of Debian; the hosts are
/// network namespaces of its own.
/// </summary>
internal static partial class ScanBench
{
    private const int Open = 100;
    private const string Grid = "grid";
    private const int PeersEvery = 4; // rounds of the grid, which would take hours
    private const string Scanner = "10.77.0.1";

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Rounds (3), and a part of a case's name for those alone; the grid of losses and fates only by its name ("grid").</param>
    internal static async Task<int> Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 3;
        string part = arguments.Length > 1 ? arguments[1] : "";
        Console.WriteLine($"rounds: {rounds}, processors: {Environment.ProcessorCount}, seconds (median), 65,535 ports of which {Open} are open");
        foreach ((string name, string? verdict, LinkFaults? faults) in Cases().Concat(part.StartsWith(Grid, StringComparison.Ordinal) ? GridCases() : []))
        {
            if (name.Contains(part, StringComparison.Ordinal))
            {
                await Case(name, verdict, faults, rounds);
            }
        }

        return 0;
    }

    private static IEnumerable<(string Name, string? Verdict, LinkFaults? Faults)> Cases() =>
    [
        ("refused", null, null), ("dropped", "drop", null),
        ("refused, 20 ms and 1 % loss each way", null, new LinkFaults { Delay = 20, Loss = 0.01 }), ("dropped, 20 ms and 1 % loss each way", "drop", new LinkFaults { Delay = 20, Loss = 0.01 }),
    ];

    /// <summary>What becomes of the closed ports' probes, by how much is lost on a way of 20 ms.</summary>
    private static IEnumerable<(string Name, string? Verdict, LinkFaults? Faults)> GridCases() =>
        from fate in ((string Name, string? Verdict)[])
        [
            ("refused", null), ("dropped", "drop"), ("rejected", "reject with icmpx admin-prohibited"),
            ("refusals limited", "limit rate 10000/second burst 5 packets reject with tcp reset\n    tcp dport != @open drop"),
        ]
        from percent in (int[])[0, 1, 5, 10]
        select (string.Create(CultureInfo.InvariantCulture, $"{Grid} {fate.Name}, 20 ms and {percent} % loss each way"), fate.Verdict, new LinkFaults { Delay = 20, Loss = percent / 100.0 });

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
        (string near, string far) = faults is null ? ("va", "vb") : (FaultyLink.Device, FaultyLink.Device);
        peers.Add(("masscan --rate 100000",
            ["masscan", KnownTarget.Address, "-p1-65535", "--rate", "100000", "--wait", "1", "--interface", near, "--adapter-ip", Scanner, "--router-mac", await Card(target, far)]));

        bool isGrid = name.StartsWith(Grid, StringComparison.Ordinal);
        peers.RemoveAll(peer => isGrid && peer.Name.EndsWith("--connect", StringComparison.Ordinal));
        if (faults is not null || verdict is not null)
        {
            peers.RemoveAll(static peer => peer.Name is "nmap -sS -T4" or "nmap -sT -T4"); // minutes
        }

        using Trickle trickle = new(target.Host, Scanner);
        Dictionary<string, List<ScanRun>> measured = [];
        for (int round = 0; round < rounds; round++)
        {
            bool isOurs = isGrid && round % PeersEvery != 0;
            foreach ((string peer, string[] command) in isOurs ? peers.Take(1) : peers)
            {
                if (!measured.TryGetValue(peer, out List<ScanRun>? runs))
                {
                    measured[peer] = runs = [];
                }

                runs.Add(await One(target, command));
            }
        }

        Console.WriteLine($"\n{name}\n{"",-34}{"wall",8}{"worst",8}{"processor",11}{"MB",6}{"packets",9}{"kpps",7}{"missed",8}{"of",7}{"invented",10}");
        foreach ((string peer, List<ScanRun> runs) in measured)
        {
            double seconds = Median(runs.Select(static run => run.Seconds));
            double packets = Median(runs.Select(static run => (double)run.Packets));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{peer,-34}{seconds,8:0.00}{runs.Max(static run => run.Seconds),8:0.00}{Median(runs.Select(static run => run.Processor)),11:0.00}{Median(runs.Select(static run => run.Megabytes)),6:0}{packets,9:0}{packets / seconds / 1000,7:0.0}{runs.Sum(static run => run.Missed),8}{runs.Count * Open,7}{runs.Sum(static run => run.Invented),10}"));
        }
    }

    private static async Task<ScanRun> One(KnownTarget target, string[] command)
    {
        string output = Path.GetTempFileName();
        try
        {
            long before = await Sent(target);
            CommandResult result = await target.Scanner.Run("bash", ["-c", $"/usr/bin/time -o {output}.times -f '%e %U %S %M' \"$@\" > {output} 2> {output}.said; tail -n 1 {output}.times", "bash", .. command]);
            double[] times = [.. result.Output.Split(' ', StringSplitOptions.TrimEntries).Select(static text => double.Parse(text, CultureInfo.InvariantCulture))];
            HashSet<int> found = [.. OpenPort().Matches(await File.ReadAllTextAsync(output)).Select(static match => int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture))];
            return new ScanRun(
                times[0], times[1] + times[2], times[3] / 1024, await Sent(target) - before, target.Open.Count(port => !found.Contains(port)), found.Count(port => !target.Open.Contains(port)));
        }
        finally
        {
            File.Delete(output);
            File.Delete(output + ".times");
            File.Delete(output + ".said");
        }
    }

    /// <summary>How many packets left the scanner's namespace so far, its loopback aside.</summary>
    private static async Task<long> Sent(KnownTarget target)
    {
        const int Counter = 9; // the tenth after the name (proc_net(5), dev)
        string[] lines = (await target.Scanner.Run("cat", "/proc/self/net/dev")).MustSucceed().Split('\n', StringSplitOptions.TrimEntries);
        return lines.Where(static line => line.Contains(':', StringComparison.Ordinal) && !line.StartsWith("lo:", StringComparison.Ordinal))
            .Sum(static line => long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[Counter], CultureInfo.InvariantCulture));
    }

    private static async Task<string> Card(KnownTarget target, string device) => (await target.Host.Run("cat", $"/sys/class/net/{device}/address")).MustSucceed().Trim();

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // nmap's table, masscan's lines, or our JSON.
    [GeneratedRegex(@"^(?<port>\d+)/tcp +open|^Discovered open port (?<port>\d+)/tcp|""port"": (?<port>\d+),\s+""state"": ""open""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex OpenPort();
}
