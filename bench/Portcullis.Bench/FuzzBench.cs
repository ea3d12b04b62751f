using System;
using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Captures;
using Portcullis.Tests.Wire.Packets;

namespace Portcullis.Bench;

/// <summary>
/// Reads frames and capture files as nobody sends them, on every processor, for as long as asked: none may throw. The tests do the same
/// for seconds. Tells how many frames a second one processor reads, and where one threw, its seed and its bytes.
/// </summary>
internal static class FuzzBench
{
    private const int AtOnce = 1_000;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Minutes (1), and the first seed (the time).</param>
    internal static int Run(string[] arguments)
    {
        double minutes = arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        int seed = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Environment.TickCount & 0xff_ffff;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{minutes} minutes from seed {seed} on, {Environment.ProcessorCount} processors"));
        Stopwatch clock = Stopwatch.StartNew();
        Task<Count>[] all = new Task<Count>[Environment.ProcessorCount];
        for (int processor = 0; processor < all.Length; processor++)
        {
            int own = seed + processor;
            all[processor] = Task.Run(() => RunOne(own, all.Length, clock, TimeSpan.FromMinutes(minutes)));
        }

        Count sum = new(0, TimeSpan.Zero, 0, null);
        foreach (Task<Count> one in all)
        {
            Count count = one.Result;
            sum = new Count(sum.Frames + count.Frames, sum.Reading + count.Reading, sum.Captures + count.Captures, sum.Failure ?? count.Failure);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sum.Frames:N0} frames, {sum.Frames / sum.Reading.TotalSeconds / 1e6:0.00} million a second read by one processor; {sum.Captures:N0} capture files"));
        Console.WriteLine(sum.Failure ?? "none threw");
        return sum.Failure is null ? 0 : 1;
    }

    private static Count RunOne(int seed, int step, Stopwatch clock, TimeSpan limit)
    {
        Count count = new(0, TimeSpan.Zero, 0, null);
        for (int round = seed; clock.Elapsed < limit && count.Failure is null; round += step)
        {
            RandomPackets random = new(round);
            byte[][] frames = new byte[AtOnce][];
            for (int at = 0; at < frames.Length; at++)
            {
                frames[at] = (at % 4) switch
                {
                    0 => random.Valid(),
                    1 => random.Bytes(random.Random.Next(1_600)),
                    _ => random.Spoiled(),
                };
            }

            count = Captures(Frames(count, frames, round), frames, random, round);
        }

        return count;
    }

    private static Count Frames(Count count, byte[][] frames, int round)
    {
        long start = Stopwatch.GetTimestamp();
        int at = 0;
        try
        {
            for (; at < frames.Length; at++)
            {
                EveryAccessor.OfFrame(frames[at]);
                EveryAccessor.OfPacket(frames[at], isQuoted: true);
                EveryAccessor.OfTransport(frames[at], IpAddress.AnyV4, IpAddress.AnyV4, isQuoted: false);
            }
        }
#pragma warning disable CA1031 // what it looks for
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return count with { Failure = $"seed {round}, frame {at}: {thrown.GetType().Name} {thrown.Message}\n{Convert.ToHexString(frames[at])}" };
        }

        return count with { Frames = count.Frames + frames.Length, Reading = count.Reading + Stopwatch.GetElapsedTime(start) };
    }

    private static Count Captures(Count count, byte[][] frames, RandomPackets random, int round)
    {
        ArrayBufferWriter<byte> file = new();
        PcapngWriter writer = new(file, PcapngWriter.RawIp, "fuzz", "a capture");
        for (int at = 0; at < 10; at++)
        {
            writer.Packet((ulong)at, frames[at], isOutgoing: random.Coin, random.Coin ? "a comment" : null);
        }

        byte[] bytes = file.WrittenSpan.ToArray();
        for (int change = random.Random.Next(8); change > 0; change--)
        {
            bytes[random.Random.Next(bytes.Length)] = random.Byte;
        }

        try
        {
            PcapngReader reader = new(bytes);
            while (reader.Next() is not null)
            {
            }
        }
#pragma warning disable CA1031 // what it looks for
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return count with { Failure = $"seed {round}, capture: {thrown.GetType().Name} {thrown.Message}\n{Convert.ToHexString(bytes)}" };
        }

        return count with { Captures = count.Captures + 1 };
    }

    /// <summary>What was read so far.</summary>
    private sealed record Count(long Frames, TimeSpan Reading, long Captures, string? Failure);
}
