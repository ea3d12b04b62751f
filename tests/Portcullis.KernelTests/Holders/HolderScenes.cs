using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Holders;
using Holding = Portcullis.Core.Wire.HolderIndex;

namespace Portcullis.KernelTests.Holders;

/// <summary>The scenes that the hidden mode plays. Each gives 0, or prints what was wrong and gives another code.</summary>
internal static class HolderScenes
{
    internal const int Same = 0;
    internal const int Different = 1;

    /// <summary>Plays one.</summary>
    internal static int Play(string scene) => scene switch
    {
        "idle" => Compare(_ => { }),
        "listeners" => Compare(load => load.Listeners(1000, 50)),
        "connections" => Compare(load => load.Connections(10_000, 10)),
        "processes" => Compare(load => load.Processes(1000)),
        "churn" => WithChurn(),
        "way" => Tell(),
        "hidden-thread" => HiddenThread(),
        "thread-elsewhere" => ThreadElsewhere(),
        "held" => HeldNamespaces(),
        "leader-gone" => LeaderGone(),
        "again" => Again(),
        "shell-scan" => ScanOnly(),
        "second-look" => SecondLook(),
        _ => throw new ArgumentException("no such scene", nameof(scene)),
    };

    /// <summary>
    /// Compares the two ways: whatever both scans of one way tell, before and after a scan of the other, that one has to tell
    /// too. What comes and goes meanwhile is in neither.
    /// </summary>
    internal static int Differences(int rounds, out string words)
    {
        ProcHolderScan proc = new();
        using BpfHolderScan bpf = new(proc);
        StringWriter said = new();
        int wrong = 0;
        HashSet<HolderRecord> procBefore = Records(proc);
        for (int round = 0; round < rounds; round++)
        {
            HolderScanResult result = bpf.Scan();
            if (result.Way != HolderWay.Bpf)
            {
                said.WriteLine("not by BPF: " + result.WhyNotBpf);
                wrong++;
                break;
            }

            HashSet<HolderRecord> kernel = Records(result);
            HashSet<HolderRecord> procAfter = Records(proc);
            HashSet<HolderRecord> kernelAfter = Records(bpf);
            foreach (HolderRecord blind in procBefore.Concat(procAfter).Where(IsUnseen).ToArray())
            {
                // What is closed even to root in /proc (a process with more rights than ours), BPF may see.
                foreach (HashSet<HolderRecord> set in new[] { procBefore, procAfter, kernel, kernelAfter })
                {
                    set.RemoveWhere(record => record.Pid == blind.Pid);
                }
            }

            wrong += Missing("BPF lacks", procBefore.Intersect(procAfter), kernel, said);
            wrong += Missing("/proc lacks", kernel.Intersect(kernelAfter), procAfter, said);
            procBefore = procAfter;
        }

        said.WriteLine($"{procBefore.Count} records");
        words = said.ToString();
        return wrong;
    }

    private static bool IsUnseen(HolderRecord record) => record.Kind is >= HolderRecordKind.DescriptorsUnreadable and not (HolderRecordKind.SocketIn or HolderRecordKind.SharedSocketIn) && record.Pid != 0;

    private static int Missing(string what, IEnumerable<HolderRecord> wanted, HashSet<HolderRecord> found, StringWriter said)
    {
        List<HolderRecord> missing = [.. wanted.Where(record => !found.Contains(record))];
        missing.ForEach(record => said.WriteLine($"{what} {record}; of that process it has {string.Join(", ", found.Where(one => one.Pid == record.Pid))}"));
        return missing.Count;
    }

    private static int Compare(Action<HolderLoad> fill)
    {
        using HolderLoad load = new();
        fill(load);
        int wrong = Differences(3, out string words);
        Console.Write(words);

        // The comparison has to be about something: every child is told of, by both.
        Holding holders = Holding.Read(new ProcHolderScan().Scan().Records.Span);
        ulong home = Inode("/proc/self/ns/net");
        int[] members = holders.InNamespace(home).ToArray();
        wrong += holders.Unseen.Length;
        wrong += load.Pids.Count(pid => !members.Contains(pid));
        return wrong == 0 ? Same : Different;
    }

    private static int WithChurn()
    {
        using CancellationTokenSource end = new();
        Thread churn = new(() =>
        {
            while (!end.IsCancellationRequested)
            {
                using HolderLoad short_lived = new();
                short_lived.Listeners(4, 2);
                using Socket socket = HolderLoad.Listener();
            }
        });
        churn.Start();
        int wrong = Compare(load => load.Listeners(100, 10));
        for (int round = 0; round < 5 && wrong == Same; round++)
        {
            wrong = Differences(10, out string words) == 0 ? Same : Different;
            Console.Write(words);
        }

        end.Cancel();
        churn.Join();
        return wrong;
    }

    /// <summary>Prints which way was taken and what could not be seen.</summary>
    private static int Tell()
    {
        using BpfHolderScan scan = new(new ProcHolderScan());
        HolderScanResult result = scan.Scan();
        Console.WriteLine($"way {result.Way}: {result.WhyNotBpf}");
        foreach (HolderRecord record in Holding.Read(result.Records.Span).Unseen)
        {
            Console.WriteLine(record);
        }

        return 0;
    }

    private static int ScanOnly()
    {
        using Socket mine = HolderLoad.Listener();
        Holding holders = Holding.Read(new ProcHolderScan().Scan().Records.Span);
        return holders.ForSocket(SocketInode(mine)).Length > 0 ? Same : Different;
    }

    /// <summary>A thread leaves the process's table of descriptors and listens alone.</summary>
    private static int HiddenThread()
    {
        ulong inode = 0;
        using ManualResetEventSlim ready = new();
        using ManualResetEventSlim done = new();
        Thread hider = new(() =>
        {
            Native.Unshare(Native.CLONE_FILES);
            using Socket hidden = HolderLoad.Listener();
            inode = ThreadInode("/proc/thread-self/fd/" + hidden.Handle);
            ready.Set();
            done.Wait();
        });
        hider.Start();
        ready.Wait();
        bool leaderShowsIt = Directory.GetFileSystemEntries("/proc/self/fd")
            .Any(entry => new FileInfo(entry).LinkTarget == $"socket:[{inode}]");
        int wrong = Differences(1, out string words);
        Console.Write(words);
        wrong += Expect("the thread's listener", Both(holders => holders.ForSocket(inode).ToArray()), [Environment.ProcessId]);
        wrong += leaderShowsIt ? 1 : 0;
        done.Set();
        hider.Join();
        wrong += Expect("nothing afterwards", Both(holders => holders.ForSocket(inode).ToArray()), []);
        return wrong == 0 ? Same : Different;
    }

    private static int ThreadElsewhere()
    {
        ulong inode = 0;
        using ManualResetEventSlim ready = new();
        using ManualResetEventSlim done = new();
        Thread traveller = new(() =>
        {
            Native.Unshare(Native.CLONE_NEWNET);
            inode = Inode("/proc/thread-self/ns/net");
            ready.Set();
            done.Wait();
        });
        traveller.Start();
        ready.Wait();
        int wrong = Differences(1, out string words);
        Console.Write(words);
        wrong += inode == Inode("/proc/self/ns/net") ? 1 : 0;
        wrong += Expect("the thread's namespace", Both(holders => holders.InNamespace(inode).ToArray()), [Environment.ProcessId]);
        done.Set();
        traveller.Join();

        // Joining waits for the runtime's thread; the kernel's may end a moment later.
        Stopwatch patience = Stopwatch.StartNew();
        while (Directory.GetDirectories("/proc/self/task").Any(task => Inode(task + "/ns/net") == inode) && patience.Elapsed < TimeSpan.FromSeconds(5))
        {
            Thread.Sleep(1);
        }

        wrong += Expect("nothing afterwards", Both(holders => holders.InNamespace(inode).ToArray()), []);
        return wrong == 0 ? Same : Different;
    }

    private static int Again()
    {
        using BpfHolderScan bpf = new(new ProcHolderScan());
        ProcHolderScan proc = new();
        for (int warm = 0; warm < 3; warm++)
        {
            _ = bpf.Scan();
            _ = proc.Scan();
            GC.Collect(); // and the runtime has what it opens for itself
        }

        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int round = 0; round < 20; round++)
        {
            _ = bpf.Scan();
            _ = proc.Scan();
        }

        int after = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        Console.WriteLine($"{before} descriptors before, {after} after");
        return Math.Abs(after - before) <= 2 ? Same : Different; // the runtime may open one of its own
    }

    /// <summary>So many sockets that a program for a few of them is worth loading.</summary>
    private static int SecondLook()
    {
        using HolderLoad load = new();
        load.Connections(3000, 3);
        using Socket wanted = HolderLoad.Listener();
        load.Hand([wanted]);
        int child = load.Pids[^1];
        using BpfHolderScan bpf = new(new ProcHolderScan());
        int all = Records(bpf).Count;
        HolderScanResult again = bpf.ScanAgain([SocketInode(wanted), 1]);
        int told = Records(again).Count(record => record.Kind is not (HolderRecordKind.Namespace or HolderRecordKind.HeldNamespace));
        Console.WriteLine($"{all} records, then {told} by {again.Way}");
        int[] holders = [.. new[] { Environment.ProcessId, child }.Order()];
        return Expect("the holders", [Holding.Read(again.Records.Span).ForSocket(SocketInode(wanted)).ToArray()], holders)
            + (all > 6000 && told == 3 && again.Way == HolderWay.Bpf ? 0 : 1); // the canary is the third
    }

    /// <summary>Descriptors of namespaces, open in every way; other kinds of namespaces and of socket files beside.</summary>
    private static int HeldNamespaces()
    {
        Native.Unshare(Native.CLONE_NEWNS);
        string place = Path.GetTempFileName();
        string path = place + ".socket";
        ulong inode = 0;
        Thread maker = new(() =>
        {
            Native.Unshare(Native.CLONE_NEWNET);
            inode = Inode("/proc/thread-self/ns/net");
            Native.BindMount($"/proc/self/task/{ThreadId()}/ns/net", place);
        });
        maker.Start();
        maker.Join();
        int wrong = Expect("nobody, of a mount alone", Both(holders => holders.ForNamespace(inode).ToArray()), []);
        int viaMount = Native.Open(place);
        wrong += Expect("the holder by the mount's path", Both(holders => holders.ForNamespace(inode).ToArray()), [Environment.ProcessId]);
        Native.Detach(place);
        wrong += Expect("the holder after the mount is gone", Both(holders => holders.ForNamespace(inode).ToArray()), [Environment.ProcessId]);
        int viaProc = Native.Open($"/proc/self/fd/{viaMount}");
        Native.Close(viaMount);
        wrong += Expect("the holder by another descriptor", Both(holders => holders.ForNamespace(inode).ToArray()), [Environment.ProcessId]);
        Native.Close(viaProc);

        int mounts = Native.Open("/proc/self/ns/mnt");
        int names = Native.Open("/proc/self/ns/uts");
        using Socket named = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        named.Bind(new UnixDomainSocketEndPoint(path));
        int file = Native.Open(path, Native.O_PATH);
        ulong onDisk = ulong.Parse(Output("stat", "-c", "%i", path), CultureInfo.InvariantCulture);
        wrong += Expect("no namespaces of other kinds", Both(holders => holders.HeldNamespaces.Select(held => (int)held.Value).ToArray()), []);
        wrong += Expect("no socket for a socket's file", Both(holders => holders.ForSocket(onDisk).ToArray()), []);
        wrong += Differences(1, out string words);
        Console.Write(words);
        Native.Close(mounts);
        Native.Close(names);
        Native.Close(file);
        File.Delete(path);
        File.Delete(place);
        return wrong == 0 ? Same : Different;
    }

    /// <summary>The leading thread ends and the process lives on: its own directory of descriptors is empty then.</summary>
    private static int LeaderGone()
    {
        Thread rest = new(() =>
        {
            using Socket listener = HolderLoad.Listener();
            ulong inode = ThreadInode("/proc/thread-self/fd/" + listener.Handle);
            for (int wait = 0; wait < 1000 && Directory.Exists("/proc/self/fd") && Directory.GetFileSystemEntries("/proc/self/fd").Length > 0; wait++)
            {
                Thread.Sleep(1);
            }

            int[] found = Holding.Read(new ProcHolderScan().Scan().Records.Span).ForSocket(inode).ToArray();
            int wrong = Expect("the listener of a process without leader", [found], [Environment.ProcessId]);
            Environment.Exit(wrong == 0 ? Same : Different);
        });
        rest.Start();
        Native.EndThread();
        return Different;
    }

    /// <summary>What each way says.</summary>
    private static int[][] Both(Func<Holding, int[]> question)
    {
        ProcHolderScan proc = new();
        using BpfHolderScan bpf = new(proc);
        HolderScanResult kernel = bpf.Scan();
        return kernel.Way == HolderWay.Bpf
            ? [question(Holding.Read(proc.Scan().Records.Span)), question(Holding.Read(kernel.Records.Span))]
            : [[-1]];
    }

    private static int Expect(string what, int[][] answers, int[] expected)
    {
        int wrong = 0;
        foreach (int[] answer in answers)
        {
            if (!answer.AsSpan().SequenceEqual(expected))
            {
                Console.WriteLine($"{what}: expected [{string.Join(' ', expected)}], got [{string.Join(' ', answer)}]");
                wrong++;
            }
        }

        return wrong;
    }

    private static HashSet<HolderRecord> Records(IHolderScan scan) => Records(scan.Scan());

    private static HashSet<HolderRecord> Records(HolderScanResult result)
    {
        HashSet<HolderRecord> all = [];
        HolderRecords records = new(result.Records.Span);
        while (records.MoveNext(out HolderRecord record))
        {
            all.Add(record);
        }

        return all;
    }

    internal static ulong SocketInode(Socket socket) => ThreadInode("/proc/self/fd/" + socket.Handle);

    private static ulong Inode(string path) => ThreadInode(path);

    /// <summary>The number in a link such as "socket:[12]".</summary>
    private static ulong ThreadInode(string path)
    {
        string link = new FileInfo(path).LinkTarget!;
        return ulong.Parse(link[(link.IndexOf('[', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture);
    }

    private static string ThreadId() => Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!);

    private static string Output(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string words = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return words.Trim();
    }
}
