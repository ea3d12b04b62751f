using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Xunit;

namespace Portcullis.KernelTests.Sockets;

/// <summary>The snapshot against what the test itself opened: nothing missing, nothing extra.</summary>
public sealed class RandomSocketsTests(ITestOutputHelper output)
{
    private const int Sets = 150; // by either way

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Snapshot_shows_exactly_the_sockets_that_were_opened(bool byBpf)
    {
        using BpfHolderScan bpf = new(new ProcHolderScan());
        IHolderScan scan = byBpf ? bpf : new ProcHolderScan();
        if (byBpf)
        {
            HolderScanResult result = scan.Scan();
            Assert.True(result.Way == HolderWay.Bpf, result.WhyNotBpf);
        }

        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        int seen = 0;
        for (int set = 0; set < Sets; set++)
        {
            seen += InNewNetwork(() => Compare(seed, seed + set, scan));
        }

        Assert.True(seen > Sets * 5, $"only {seen} sockets were compared");
    }

    private static int Compare(int seed, int setSeed, IHolderScan scan)
    {
        using RandomSockets sockets = new(setSeed);
        sockets.Open(15);
        ulong network = ulong.Parse(
            File.ResolveLinkTarget("/proc/thread-self/ns/net", returnFinalTarget: false)!.Name["net:[".Length..^1],
            System.Globalization.CultureInfo.InvariantCulture);

        // A child that a test beside this one starts has them too, until it is another program (execve(2), close-on-exec).
        SocketInventory inventory;
        SocketFacts[] own;
        int attempts = 0;
        do
        {
            inventory = new LinuxSockets(new LiveSource(), new LiveNetworkSource(), scan).Read();
            own = [.. inventory.Sockets.Where(socket => socket.Namespace == network)];
        }
        while (++attempts < 3 && own.Any(static socket => socket.Holders.Length > 1));

        List<RandomSockets.Expected> extra = [.. own.Select(RandomSockets.Expected.Of)];
        List<RandomSockets.Expected> missing = [.. sockets.Expectations.Where(expected => !extra.Remove(expected))];
        Assert.True(
            missing.Count == 0 && extra.Count == 0,
            $"seed {seed}, set {setSeed}\nmissing: {string.Join("\n  ", missing)}\nextra: {string.Join("\n  ", extra)}");
        Assert.All(own, socket => Assert.Equal([Environment.ProcessId], socket.Holders));
        Assert.Single(inventory.Namespaces, one => one.Inode == network && one.Inspected);
        return own.Length;
    }

    private static int InNewNetwork(Func<int> work)
    {
        int result = 0;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Native.NewNetwork();
                result = work();
            }
#pragma warning disable CA1031 // carried over to the test's thread
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException(failure.Message, failure);
    }
}
