using System;
using Portcullis.Core.Probing.Tcp;
using Xunit;

namespace Portcullis.Tests.Probing.Tcp;

/// <summary>Whatever the way does with packets, bytes arrive once, whole and in order.</summary>
public sealed class TransferTests
{
    private static readonly TcpSettings Large = new() { ReceiveRoom = 1 << 20, SendRoom = 1 << 20, Resends = 100 };

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.01, 0, 0, 0)]
    [InlineData(0.05, 0.05, 0.05, 5)]
    [InlineData(0.3, 0, 0, 0)]
    [InlineData(0.2, 0.3, 0.1, 50)]
    [InlineData(0, 0.5, 0, 100)]
    public void Megabytes_arrive_byte_for_byte_both_ways(double loss, double duplication, double corruption, int jitter)
    {
        Impairment impairment = new() { Loss = loss, Duplication = duplication, Corruption = corruption, Jitter = TimeSpan.FromMilliseconds(jitter) };
        SimulatedNetwork network = new(impairment, seed: 7, Large);
        network.Left.ToSend = Bytes(2_000_000, 1);
        network.Right.ToSend = Bytes(1_500_000, 2);
        network.Run(TimeSpan.FromDays(3));
        MustBeDone(network, impairment);
    }

    [Fact]
    public void Any_way_and_any_sizes_bring_every_byte()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            Random random = new(seed);
            Impairment impairment = new()
            {
                Loss = random.NextDouble() * 0.3,
                Duplication = random.NextDouble() * 0.3,
                Corruption = random.NextDouble() * 0.2,
                Delay = TimeSpan.FromMilliseconds(random.Next(0, 200)),
                Jitter = TimeSpan.FromMilliseconds(random.Next(0, 300)),
            };
            TcpSettings settings = new() { ReceiveRoom = random.Next(1, 200_000), SendRoom = random.Next(1, 100_000), SegmentSize = random.Next(64, 1460), Resends = 100, SynTries = 100 };
            SimulatedNetwork network = new(impairment, seed, settings, (uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32));
            network.Left.ToSend = Bytes(random.Next(Math.Min(20_000, settings.ReceiveRoom * 50)), 1);
            network.Right.ToSend = Bytes(random.Next(Math.Min(20_000, settings.ReceiveRoom * 50)), 2);
            network.Left.ReadStep = random.Next(1, 5000);
            network.Run(TimeSpan.FromDays(30));
            MustBeDone(network, $"seed {seed}: {impairment} {settings}");
        }
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(uint.MaxValue - 5000)]
    [InlineData(0x7fff_fff0)]
    [InlineData(0)]
    public void Sequence_numbers_wrap_in_the_midst_of_it(uint initial)
    {
        SimulatedNetwork network = new(new Impairment { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(20) }, 3, Large, initial, initial);
        network.Left.ToSend = Bytes(300_000, 1);
        network.Right.ToSend = Bytes(300_000, 2);
        network.Run(TimeSpan.FromDays(1));
        MustBeDone(network, initial);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    public void Tiny_windows_only_take_longer(int room)
    {
        TcpSettings settings = new() { ReceiveRoom = room, Resends = 50 };
        SimulatedNetwork network = new(new Impairment { Loss = 0.1 }, 5, settings);
        network.Left.ToSend = Bytes(500, 1);
        network.Right.ToSend = Bytes(700, 2);
        network.Run(TimeSpan.FromDays(3));
        MustBeDone(network, room);
    }

    [Fact]
    public void Way_without_faults_needs_no_resend_and_few_segments()
    {
        SimulatedNetwork network = new(new Impairment(), 1, Large);
        network.Left.ToSend = Bytes(1_460_000, 1);
        network.Run(TimeSpan.FromMinutes(1));
        MustBeDone(network, "");
        Assert.InRange(network.Sent, 1000, 2020); // at most a receipt for each segment
        Assert.InRange(network.Now, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Way_that_loses_everything_ends_by_time_and_not_by_luck()
    {
        SimulatedNetwork network = new(new Impairment { Loss = 1 }, 1);
        network.Run(TimeSpan.FromDays(1));
        Assert.Equal(TcpEnding.TimedOut, network.Left.Connection.Ending);
        Assert.Equal(8, network.Sent);
        Assert.Equal(TimeSpan.FromSeconds(15), network.Now); // 1 + 2 + 4 + 8
    }

    private static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void MustBeDone(SimulatedNetwork network, object context)
    {
        Assert.True(network.Right.Received.ToArray().AsSpan().SequenceEqual(network.Left.ToSend), $"left to right: {network.Right.Received.Length} of {network.Left.ToSend.Length}; {network.State} {context}");
        Assert.True(network.Left.Received.ToArray().AsSpan().SequenceEqual(network.Right.ToSend), $"right to left: {network.Left.Received.Length} of {network.Right.ToSend.Length}; {context}");

        // The last receipt can be lost, and TIME-WAIT that would repeat it is not kept for ever.
        Assert.Contains(TcpEnding.Closed, new[] { network.Left.Connection.Ending, network.Right.Connection.Ending });
    }
}
