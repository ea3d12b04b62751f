using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Portcullis.KernelTests.Lab;

/// <summary>
/// A link between two network namespaces that delays, loses, reorders, doubles and damages packets: two TAP devices, joined by
/// a relay of ours (the kernels that tests run on have no netem).
/// </summary>
public sealed partial class FaultyLink : IDisposable
{
    private const int Longest = 1600;
    private const int MostQueued = 50_000;
    private const int O_RDWR = 2;
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const nuint TUNSETIFF = 0x400454ca; // linux/if_tun.h
    private const ushort IFF_TAP = 2;
    private const ushort IFF_NO_PI = 0x1000;

    private readonly int _left;
    private readonly int _right;
    private readonly List<Thread> _threads = [];
    private volatile bool _isOver;
    private volatile LinkFaults _faults;
    private long _lost;

    private FaultyLink(int left, int right, LinkFaults faults)
    {
        _left = left;
        _right = right;
        _faults = faults;
        foreach ((int from, int to, int seed) in ((int, int, int)[])[(left, right, faults.Seed), (right, left, ~faults.Seed)])
        {
            Thread thread = new(() => Relay(from, to, seed)) { IsBackground = true, Name = "relay" };
            thread.Start();
            _threads.Add(thread);
        }
    }

    /// <summary>How many packets were lost so far.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Joins two namespaces by a device "tap" in each, with these addresses.</summary>
    public static async Task<FaultyLink> Between(NetworkNamespace left, NetworkNamespace right, LinkFaults faults, string leftAddress = "10.77.0.1/24", string rightAddress = "10.77.0.2/24")
    {
        FaultyLink link = new(left.Do(OpenTap), right.Do(OpenTap), faults);
        foreach ((NetworkNamespace end, string address) in ((NetworkNamespace, string)[])[(left, leftAddress), (right, rightAddress)])
        {
            (await end.Run("ip", "address", "add", address, "dev", "tap")).MustSucceed();
            (await end.Run("ip", "link", "set", "tap", "txqueuelen", "10000", "up")).MustSucceed();
        }

        return link;
    }

    /// <summary>Changes what it does from now on.</summary>
    public void Become(LinkFaults faults) => _faults = faults;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _ = close(_left);
        _ = close(_right);
    }

    private static int OpenTap()
    {
        int descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
        Span<byte> request = stackalloc byte[40]; // struct ifreq
        Encoding.ASCII.GetBytes("tap", request);
        MemoryMarshal.Write(request[16..], (ushort)(IFF_TAP | IFF_NO_PI));
        return descriptor >= 0 && ioctl(descriptor, TUNSETIFF, request) == 0 ? descriptor
            : throw new LabException(string.Create(CultureInfo.InvariantCulture, $"a TAP device: error {Marshal.GetLastPInvokeError()}"));
    }

    private void Relay(int from, int to, int seed)
    {
        Random chance = new(seed);
        PriorityQueue<byte[], (long Due, long Number)> queue = new();
        Stack<byte[]> spare = new();
        Dictionary<byte[], int> lengths = [];
        byte[] buffer = new byte[Longest];
        long number = 0;
        while (!_isOver)
        {
            long now = Stopwatch.GetTimestamp();
            while (queue.TryPeek(out byte[]? first, out (long Due, long Number) due) && due.Due <= now)
            {
                queue.Dequeue();
                _ = write(to, first.AsSpan(0, lengths[first]), (nuint)lengths[first]);
                spare.Push(first);
            }

            bool isRead = false;
            for (int batch = 0; batch < 64; batch++)
            {
                nint length = read(from, buffer, Longest);
                if (length <= 0)
                {
                    break;
                }

                isRead = true;
                LinkFaults faults = _faults;
                int copies = chance.NextDouble() < faults.Loss || queue.Count >= MostQueued ? 0 : chance.NextDouble() < faults.Duplication ? 2 : 1;
                Interlocked.Add(ref _lost, copies == 0 ? 1 : 0);
                for (int copy = 0; copy < copies; copy++)
                {
                    byte[] packet = spare.TryPop(out byte[]? old) ? old : new byte[Longest];
                    buffer.AsSpan(0, (int)length).CopyTo(packet);
                    lengths[packet] = (int)length;
                    if (length > 15 && chance.NextDouble() < faults.Corruption)
                    {
                        packet[chance.Next(14, (int)length)] ^= (byte)(1 << chance.Next(8));
                    }

                    double delay = faults.Delay + (faults.Jitter * chance.NextDouble());
                    queue.Enqueue(packet, (Stopwatch.GetTimestamp() + (long)(delay * Stopwatch.Frequency / 1000), number++));
                }
            }

            if (!isRead)
            {
                long wait = queue.TryPeek(out _, out (long Due, long Number) next) ? Math.Max(0, (next.Due - Stopwatch.GetTimestamp()) * 1_000_000_000 / Stopwatch.Frequency) : 50_000_000;
                Wait(from, Math.Min(wait, 50_000_000));
            }
        }
    }

    private static void Wait(int descriptor, long nanoseconds)
    {
        Span<long> time = [0, nanoseconds];
        Span<int> wanted = [descriptor, 1]; // struct pollfd: POLLIN
        _ = ppoll(wanted, 1, time, 0);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, Span<byte> argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, Span<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, Span<byte> buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ppoll(Span<int> descriptors, nuint count, Span<long> time, nint signals);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
