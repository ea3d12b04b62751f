using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.KernelTests.Holders;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Programs;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Bench;

/// <summary>
/// Compares what Portcullis does, in this process and warm and as a whole process, with ss, lsof and netstat as whole
/// processes: the same rounds, interleaved, medians. Wants root, and makes a network namespace of its own for all that it opens.
/// </summary>
internal static unsafe partial class InventoryBench
{
    private const string Inside = "PORTCULLIS_BENCH_INSIDE";

    private static readonly string[][] Peers =
    [
        ["ss", "-tulpnH"],
        ["ss", "-tulnH"],
        ["lsof", "-nP", "-i"],
        ["netstat", "-tulpn"],
    ];

    internal static int Run(string[] arguments)
    {
        // The second argument, whatever it is, leaves it at the idle case.
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 11;
        if (Environment.GetEnvironmentVariable(Inside) is null)
        {
            return RunInNamespace(arguments);
        }

        Console.WriteLine($"rounds: {rounds}, processors: {Environment.ProcessorCount}, medians in ms, in-process rows JIT-warmed");
        Measure("idle", rounds);
        if (arguments.Length > 1)
        {
            return 0;
        }

        using (HolderLoad load = new())
        {
            load.Listeners(1000, 50);
            Measure("1,000 listeners in 50 processes", rounds);
            load.Connections(10_000, 10);
            Measure("1,000 listeners + 10,000 connections", rounds);
        }

        using (HolderLoad load = new())
        {
            load.Listeners(1000, 50);
            load.Processes(1000, 12);
            Measure("1,000 listeners + 1,000 processes", rounds);
        }

        return 0;
    }

    private static int Main(string[] arguments) => arguments switch
    {
        ["fuzz", ..] => FuzzBench.Run(arguments[1..]),
        ["judge", ..] => JudgeBench.Run(rounds: 301),
        ["reach", ..] => ReachBench.Run(arguments[1..]),
        ["scan", ..] => ScanBench.Run(arguments[1..]).GetAwaiter().GetResult(),
        _ => Run(arguments),
    };

    /// <summary>The program as users run it: built by the launcher, ahead of time.</summary>
    internal static string? Program()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string program = Path.Combine(folder.FullName, ".build", "app", "portcullis");
            if (File.Exists(program))
            {
                return program;
            }
        }

        return null;
    }

    private static int RunInNamespace(string[] arguments)
    {
        ProcessStartInfo start = new("unshare", ["--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", Environment.ProcessPath!, .. arguments]);
        start.Environment[Inside] = "1";
        using Process inside = Process.Start(start)!;
        inside.WaitForExit();
        return inside.ExitCode;
    }

    private static void Measure(string load, int rounds)
    {
        List<(string Name, Func<double> Work)> works = [];
        foreach (string[] peer in Peers)
        {
            works.Add((string.Join(' ', peer), () => Spawn(peer)));
        }

        ProcHolderScan one = new(1);
        ProcHolderScan two = new(2);
        HolderScanResult last = two.Scan();
        works.Add(("/proc, 1 thread", () => Own(() => one.Scan())));
        works.Add(("/proc, 2 threads", () => Own(() => last = two.Scan())));
        using BpfHolderScan bpf = new(two);
        HolderScanResult first = bpf.Scan();
        if (first.Way == HolderWay.Bpf)
        {
            works.Add(("BPF, loaded before", () => Own(() => bpf.Scan())));
            works.Add(("BPF, loaded each time", () => Own(ScanOnce)));
            works.Add(("of which kernel types", () => Own(ReadTypes)));
        }
        else
        {
            Console.WriteLine($"not by BPF: {first.WhyNotBpf}");
        }

        LiveSource files = new();
        LiveNetworkSource network = new();
        works.Add(("sockets+owners, /proc", () => Own(() => new LinuxSockets(files, network, two).Read())));
        works.Add(("sockets+owners, BPF", () => Own(() => new LinuxSockets(files, network, bpf).Read())));
        ImmutableArray<SocketFacts> sockets = new LinuxSockets(files, network, bpf).Read().Sockets;
        works.Add(("programs of control groups", () => Own(() => new PacketPrograms(new LiveProgramSource(), files).OfGroups(sockets))));
        works.Add(("links to netfilter", () => Own(() => new PacketPrograms(new LiveProgramSource(), files).OfNetfilter())));
        if (Program() is string program)
        {
            works.Add(("portcullis audit", () => Spawn([program, "audit"])));
        }
        else
        {
            Console.WriteLine("the whole program is left out: build it first, by ./portcullis");
        }

        works.Add(("HolderIndex.Read", () => Own(() => HolderIndex.Read(last.Records.Span))));

        double[][] times = [.. works.Select(_ => new double[rounds])];
        double[][] processor = [.. works.Select(_ => new double[rounds])];
        for (int round = -5; round < rounds; round++)
        {
            for (int work = 0; work < works.Count; work++)
            {
                long before = Stopwatch.GetTimestamp();
                double spent = works[work].Work();
                if (round >= 0)
                {
                    times[work][round] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
                    processor[work][round] = spent;
                }
            }
        }

        Array.ForEach(times, Array.Sort);
        Array.ForEach(processor, Array.Sort);
        int middle = rounds / 2;
        Console.WriteLine();
        Console.WriteLine($"{load} ({last.Records.Length / HolderRecords.RecordSize} records)");
        Console.WriteLine("                                 wall   of ss -p       best        CPU   of ss -p");
        for (int work = 0; work < works.Count; work++)
        {
            double median = times[work][middle];
            double cpu = processor[work][middle];
            Console.WriteLine(
                $"  {works[work].Name,-24} {median,10:0.000} {median / times[0][middle],10:0.000} {times[work][0],10:0.000} {cpu,10:0.000} {cpu / processor[0][middle],10:0.000}");
        }
    }

    /// <summary>What a one-shot program would do: types, loading and all.</summary>
    private static void ScanOnce()
    {
        KernelTypes.Forget();
        using BpfHolderScan once = new(new ProcHolderScan());
        _ = once.Scan();
    }

    private static void ReadTypes()
    {
        KernelTypes.Forget();
        _ = KernelTypes.Layout(out _);
    }

    /// <summary>The processor time in ms that this process spends on a piece of work.</summary>
    private static double Own(Action work)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    /// <summary>Runs a command with its output thrown away, by posix_spawn(3), which costs less than Process; gives its processor time in ms.</summary>
    private static double Spawn(string[] command)
    {
        nint* arguments = stackalloc nint[command.Length + 1];
        for (int at = 0; at < command.Length; at++)
        {
            arguments[at] = Marshal.StringToCoTaskMemUTF8(command[at]);
        }

        arguments[command.Length] = 0;
        nint* environment = stackalloc nint[2];
        environment[0] = Marshal.StringToCoTaskMemUTF8("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
        environment[1] = 0;
        byte* actions = stackalloc byte[512];
        _ = posix_spawn_file_actions_init(actions);
        fixed (byte* nowhere = "/dev/null"u8)
        {
            _ = posix_spawn_file_actions_addopen(actions, 1, nowhere, 1, 0);
            _ = posix_spawn_file_actions_addopen(actions, 2, nowhere, 1, 0);
        }

        int pid;
        int status;
        long* usage = stackalloc long[18]; // struct rusage of linux/resource.h: user and system time, each s and us
        if (posix_spawnp(&pid, (byte*)arguments[0], actions, null, arguments, environment) != 0 || wait4(pid, &status, 0, usage) != pid)
        {
            throw new InvalidOperationException("cannot run " + command[0]);
        }

        _ = posix_spawn_file_actions_destroy(actions);
        Marshal.FreeCoTaskMem(environment[0]);
        for (int at = 0; at < command.Length; at++)
        {
            Marshal.FreeCoTaskMem(arguments[at]);
        }

        return ((usage[0] + usage[2]) * 1000) + ((usage[1] + usage[3]) / 1000.0);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawnp(int* pid, byte* file, byte* actions, void* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int wait4(int pid, int* status, int options, long* usage);
}
