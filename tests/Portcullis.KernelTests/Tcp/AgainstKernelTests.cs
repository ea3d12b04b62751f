using System;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Tcp;
using Portcullis.KernelTests.Lab;
using Portcullis.Os.Linux.Packets;
using Portcullis.Os.Linux.Tracing;
using Xunit;

namespace Portcullis.KernelTests.Tcp;

/// <summary>Our TCP against Linux's, over a cable that does what cables and networks do.</summary>
public sealed class AgainstKernelTests
{
    private static readonly IpAddress Server = IpAddress.Parse("10.93.0.2");

    // Linux's least timeout is 200 ms; ours may be as short here, or a lossy megabyte takes minutes.
    private static readonly TcpSettings Quick = new()
    {
        LeastTimeout = TimeSpan.FromMilliseconds(50),
        FirstTimeout = TimeSpan.FromMilliseconds(200),
        LongestTimeout = TimeSpan.FromMilliseconds(400),
        Resends = 60,
        SynTries = 40,
        ReceiveRoom = 1 << 18,
        SendRoom = 1 << 18,
    };

    [Theory]
    [InlineData(4_000_000, 0, 0, 0, 0, 0)]
    [InlineData(1_000_000, 0.01, 0, 0, 5, 0)]
    [InlineData(1_000_000, 0, 0.2, 0, 1, 10)] // reordering and duplication
    [InlineData(500_000, 0.02, 0.05, 0.05, 1, 3)]
    [InlineData(60_000, 0.1, 0.05, 0.02, 1, 2)]
    [InlineData(15_000, 0.3, 0, 0, 1, 2)]
    public async Task Bytes_arrive_whole_and_come_back_whole(int size, double loss, double duplication, double corruption, double delay, double jitter)
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults { Loss = loss, Duplication = duplication, Corruption = corruption, Delay = delay, Jitter = jitter, Seed = 11 });
        using EchoServer echo = new(hosts.Server, 7);
        byte[] bytes = Bytes(size);
        OwnConnection connection = hosts.Client.Do(() => Run(bytes, Quick));
        Assert.True(connection.Received.ToArray().AsSpan().SequenceEqual(bytes), $"{connection.Received.Length} of {size} came back; {connection.Tcp.Phase} {connection.Tcp.Ending}, {connection.Tcp.ResentSegments} resent, {hosts.Link.Carried} carried");
        Assert.Equal(TcpEnding.Closed, connection.Tcp.Ending);
    }

    [Fact]
    public async Task Tiny_windows_on_both_sides_only_take_longer()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        using EchoServer echo = new(hosts.Server, 7, receiveBuffer: 1); // the kernel makes the least of it that it can
        byte[] bytes = Bytes(50_000);
        OwnConnection connection = hosts.Client.Do(() => Run(bytes, Quick with { ReceiveRoom = 700 }));
        Assert.True(connection.Received.ToArray().AsSpan().SequenceEqual(bytes), $"{connection.Received.Length}; {connection.Tcp.Phase} {connection.Tcp.Ending}");
    }

    [Fact]
    public async Task Resends_to_a_silent_host_come_when_RFC_6298_says()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults { Loss = 1, Seed = 13 });
        OwnConnection connection = hosts.Client.Do(() => Run([], new TcpSettings { FirstTimeout = TimeSpan.FromMilliseconds(200), LeastTimeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(TcpEnding.TimedOut, connection.Tcp.Ending);
        double[] gaps = [.. connection.Sendings.Zip(connection.Sendings.Skip(1), static (one, next) => (next.At - one.At).TotalMilliseconds)];
        Assert.Equal(3, gaps.Length);
        Assert.InRange(gaps[0], 195, 300);
        Assert.InRange(gaps[1], 395, 500);
        Assert.InRange(gaps[2], 795, 900);
    }

    [Fact]
    public async Task Storm_of_forged_resets_ends_nothing()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults { Delay = 2, ForgedResets = 20, Seed = 15 });
        using EchoServer echo = new(hosts.Server, 7);
        byte[] bytes = Bytes(100_000);
        OwnConnection connection = hosts.Client.Do(() => Run(bytes, Quick));
        Assert.True(connection.Received.ToArray().AsSpan().SequenceEqual(bytes), $"{connection.Received.Length}; {connection.Tcp.Phase} {connection.Tcp.Ending}, {hosts.Link.Carried} carried");
    }

    [Fact]
    public async Task Peer_that_vanishes_without_a_word_is_given_up_and_one_that_comes_back_resets()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        EchoServer echo = new(hosts.Server, 7);
        using IPacketDoor door = hosts.Client.Do(static () => Open());
        OwnConnection connection = new(door, Server, 7, Quick);
        connection.Run([], TimeSpan.FromMilliseconds(300), isClosing: false);
        Assert.Equal(TcpPhase.Established, connection.Tcp.Phase);
        echo.Dispose();
        (await hosts.Server.Run("ss", "-K", "dst", "10.93.0.1")).MustSucceed(); // the kernel forgets it, and says so
        connection.Run([1, 2, 3], TimeSpan.FromSeconds(5));
        Assert.Equal(TcpEnding.ResetByPeer, connection.Tcp.Ending);
    }

    [Fact]
    public async Task Closed_port_refuses()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        Assert.Equal(TcpEnding.Refused, hosts.Client.Do(static () => Run([], Quick)).Tcp.Ending);
    }

    private static OwnConnection Run(byte[] bytes, TcpSettings settings)
    {
        using IPacketDoor door = Open();
        OwnConnection connection = new(door, Server, 7, settings);
        connection.Run(bytes, TimeSpan.FromSeconds(120));
        return connection;
    }

    private static IPacketDoor Open() => new TraceDoors(new ProbeDoors()).OpenPackets(Server, 7, 1, 0, out Gap? gap) ?? throw new InvalidOperationException(gap?.Why);

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
