using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft;
using Portcullis.Os.Linux.Rules;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Bench;

/// <summary>
/// Works out large rulesets, beside "nft -c -f" on the same file: each is loaded in a network namespace of its own, read from the kernel, decoded,
/// and worked out for TCP over IPv4; and "portcullis reach 443" as a whole process, which asks for TCP, UDP and SCTP over both versions. Wants root.
/// </summary>
internal static class ReachBench
{
    private const string Inside = "PORTCULLIS_BENCH_INSIDE";

    internal static int Run(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(Inside) is null)
        {
            const string Network = "ip link add eth0 type veth peer name out0 && ip addr add 10.0.0.1/24 dev eth0 && ip link set eth0 up && ip link set out0 up && ip route add default via 10.0.0.254 && exec \"$@\"";
            ProcessStartInfo start = new("unshare", ["--net", "sh", "-c", Network, "sh", Environment.ProcessPath!, "reach", .. arguments]);
            start.Environment[Inside] = "1";
            using Process inside = Process.Start(start)!;
            inside.WaitForExit();
            return inside.ExitCode;
        }

        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        string only = arguments.Length > 1 ? arguments[1] : "";
        Console.WriteLine($"milliseconds; reach: the first time, then the median of {rounds}");
        Console.WriteLine($"{"rules",-28}{"nft -c",9}{"reach 443",11}{"read",9}{"decode",9}{"reach",9}{"median",9}{"intervals",11}{"regions",9}");
        foreach ((string name, Func<string> script) in Rulesets().Where(one => one.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            Measure(name, script(), rounds);
        }

        return 0;
    }

    private static IEnumerable<(string Name, Func<string> Script)> Rulesets()
    {
        foreach (int count in (int[])[100, 1_000, 10_000, 100_000])
        {
            yield return ($"linear {count}", () => Table(Linear(count)));
        }

        foreach (int count in (int[])[1_000, 10_000, 100_000])
        {
            yield return ($"blocklist {count}", () => Table(Blocklist(count)));
        }

        yield return ("chains 10000", () => Chains(10_000));
        yield return ("set 100000", () => Set(100_000));
        yield return ("set 1000000", () => Set(1_000_000));
        yield return ("10 sets of 100000", () => Sets(10, 100_000));
        yield return ("concatenations 10000", () => Concatenations(10_000));
        foreach (int count in (int[])[500, 2_000])
        {
            yield return ($"dense {count}", () => Table(Dense(count)));
            yield return ($"wide and narrow {count}", () => Table(Sparse(count)));
        }
    }

    private static void Measure(string name, string script, int rounds)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "flush ruleset\n" + script);
            double checking = Timed(() => Spawn("nft", "-c", "-f", file));
            Spawn("nft", "-f", file);
            string whole = Whole(rounds);
            RulesetDump? dump = null;
            double reading = Timed(() => new LiveNetworkSource().Visit(new NamespaceHandle(0, null), door => dump = RuleTables.Read(door).Dump));
            if (dump is null)
            {
                // The kernel walks a set from its first element on for every 32 KiB that it tells; "nft list" waits for minutes.
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{checking,9:F0}{whole,11}{reading,9:F1} given up, and told as not seen"));
                return;
            }

            Ruleset? ruleset = null;
            double decoding = Timed(() => ruleset = NftRuleset.Decode(dump.Messages.Span));
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{checking,9:F0}{whole,11}{reading,9:F1}{decoding,9:F1}"));
            Console.WriteLine(Reached(ruleset!, rounds));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The whole program as users run it, the median in milliseconds; "-" where the launcher has not built it.</summary>
    private static string Whole(int rounds)
    {
        if (InventoryBench.Program() is not string program)
        {
            return "-";
        }

        return Enumerable.Range(0, rounds).Select(_ => Timed(() => Ask(program))).Order().ElementAt(rounds / 2).ToString("F0", CultureInfo.InvariantCulture);
    }

    private static void Ask(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["reach", "443"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }

    private static string Reached(Ruleset ruleset, int rounds)
    {
        Reach? reach = null;
        List<double> times = [];
        try
        {
            for (int round = 0; round <= rounds; round++)
            {
                times.Add(Timed(() => reach = Reach.Of(ruleset, Arrival)));
            }
        }
        catch (TooComplexException)
        {
            return " too complex";
        }

        int regions = reach!.Regions(new ReachQuestion { Destinations = [new IpBlock(IpAddress.Parse("10.0.0.1"), 32)] }).Take(1_000_000).Count();
        double median = times.Skip(1).Order().ElementAt(rounds / 2);
        return string.Create(CultureInfo.InvariantCulture, $"{times[0],9:F1}{median,9:F1}{reach.Size,11}{regions,9}");
    }

    private static Arrival Arrival
    {
        get
        {
            NetworkInterface eth = new() { Index = 2, Name = "eth0", Addresses = [IpAddress.Parse("10.0.0.1")] };
            return new Arrival { Version = IpVersion.V4, Protocol = 6, Interface = eth, Interfaces = [eth] };
        }
    }

    private static double Timed(Action work)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Spawn(params string[] command)
    {
        using Process process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}");
        }
    }

    private static string Table(IEnumerable<string> rules) =>
        "table inet filter {\n  chain input {\n    type filter hook input priority 0; policy drop;\n    ct state established,related accept\n    iifname \"lo\" accept\n"
        + string.Concat(rules.Select(rule => $"    {rule}\n")) + "  }\n}\n";

    private static IEnumerable<string> Linear(int count)
    {
        Random random = new(1);
        for (int at = 0; at < count; at++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"ip saddr {Address(random)}/{random.Next(16, 33)} {(random.Next(3) == 0 ? "udp" : "tcp")} dport {random.Next(1, 65536)} {(random.Next(4) == 0 ? "drop" : "accept")}");
        }
    }

    private static IEnumerable<string> Blocklist(int count)
    {
        Random random = new(2);
        for (int at = 0; at < count; at++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"ip saddr {Address(random)}/{(random.Next(3) == 0 ? 24 : 32)} drop");
        }

        for (int at = 0; at < 50; at++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"tcp dport {at * 100} accept");
        }
    }

    private static IEnumerable<string> Dense(int count)
    {
        Random random = new(3);
        for (int at = 0; at < count; at++)
        {
            int first = random.Next(1, 60_000);
            uint low = (uint)random.Next();
            yield return string.Create(CultureInfo.InvariantCulture, $"ip saddr {IpAddress.FromV4(low)}-{IpAddress.FromV4(low + (uint)random.Next())} tcp dport {first}-{first + random.Next(1, 5_000)} {(random.Next(2) == 0 ? "accept" : "drop")}");
        }
    }

    private static IEnumerable<string> Sparse(int count)
    {
        Random random = new(4);
        for (int at = 0; at < count; at++)
        {
            int first = random.Next(1, 30_000);
            yield return string.Create(CultureInfo.InvariantCulture, $"ip saddr {Address(random)} tcp dport {first}-{first + random.Next(20_000, 35_000)} {(random.Next(2) == 0 ? "accept" : "drop")}");
        }
    }

    private static string Chains(int count)
    {
        Random random = new(5);
        StringBuilder text = new("table inet filter {\n");
        for (int chain = 0; chain < 32; chain++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  chain s{chain} {{\n");
            for (int at = 0; at < count / 32; at++)
            {
                text.Append(CultureInfo.InvariantCulture, $"    ip saddr {Address(random)}/{random.Next(16, 33)} {(random.Next(4) == 0 ? "drop" : "accept")}\n");
            }

            text.Append("  }\n");
        }

        string map = string.Join(", ", Enumerable.Range(0, 32).Select(chain => string.Create(CultureInfo.InvariantCulture, $"{1000 + chain} : jump s{chain}")));
        return text.Append(CultureInfo.InvariantCulture, $"  chain input {{\n    type filter hook input priority 0; policy drop;\n    tcp dport vmap {{ {map} }}\n  }}\n}}\n").ToString();
    }

    private static string Set(int count)
    {
        StringBuilder text = new("table inet filter {\n  set blocked { type ipv4_addr; flags interval; elements = { ");
        for (int at = 0; at < count; at++)
        {
            text.Append(at == 0 ? "" : ", ").Append(IpAddress.FromV4(0x0b000000 + ((uint)at * 64))).Append("/27");
        }

        return text.Append(" }; }\n  chain input {\n    type filter hook input priority 0; policy drop;\n    ip saddr @blocked drop\n    tcp dport { 22, 80, 443 } accept\n  }\n}\n").ToString();
    }

    private static string Sets(int sets, int count)
    {
        StringBuilder text = new("table inet filter {\n");
        for (int set = 0; set < sets; set++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  set blocked{set} {{ type ipv4_addr; flags interval; elements = {{ ");
            for (int at = 0; at < count; at++)
            {
                text.Append(at == 0 ? "" : ", ").Append(IpAddress.FromV4(0x0b000000 + ((uint)((set * count) + at) * 64))).Append("/27");
            }

            text.Append(" }; }\n");
        }

        text.Append("  chain input {\n    type filter hook input priority 0; policy drop;\n");
        for (int set = 0; set < sets; set++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    ip saddr @blocked{set} drop\n");
        }

        return text.Append("    tcp dport { 22, 80, 443 } accept\n  }\n}\n").ToString();
    }

    private static string Concatenations(int count)
    {
        Random random = new(6);
        IEnumerable<string> elements = Enumerable.Range(0, count).Select(at => string.Create(CultureInfo.InvariantCulture, $"{IpAddress.FromV4(0x0b000000 + ((uint)at * 64))}/27 . {random.Next(1, 65536)}"));
        return $"table inet filter {{\n  set known {{ type ipv4_addr . inet_service; flags interval; elements = {{ {string.Join(", ", elements)} }}; }}\n"
            + "  chain input {\n    type filter hook input priority 0; policy drop;\n    ip saddr . tcp dport @known accept\n  }\n}\n";
    }

    private static IpAddress Address(Random random) => IpAddress.FromV4((uint)random.Next(0x0b000000, 0x70000000));
}
