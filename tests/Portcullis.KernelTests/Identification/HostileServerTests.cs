using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;
using Portcullis.Os.Linux.Dialogues;
using Xunit;

namespace Portcullis.KernelTests.Identification;

/// <summary>Servers that mean harm, over real sockets: the questions end in time and in little memory, and what is shown is harmless.</summary>
public sealed class HostileServerTests
{
    private static readonly DialogueLimits s_limits = new() { Whole = TimeSpan.FromSeconds(6) };

    public static TheoryData<string> Kinds => ["endless", "slow", "escapes", "closes", "resets", "hanging handshake", "silent", "flood after question"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Hostile_server_is_done_with_in_time_and_memory(string kind)
    {
        using CancellationTokenSource end = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Serve(listener, kind, end.Token);
        IdentifyTarget target = new(IPAddress.Loopback, Protocol.Tcp, ((IPEndPoint)listener.LocalEndpoint).Port);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Stopwatch watch = Stopwatch.StartNew();
        DialogueResult result = (await Identifier.Identify([target], new IdentifyOptions { Limits = s_limits }, null, CancellationToken.None))[0]!;
        TimeSpan took = watch.Elapsed;
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        await end.CancelAsync();
        await serving;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {took.TotalSeconds:0.0} s, {result.Connections} connections, {grown} bytes: {result.Sentence} [{result.Seen}]");
        Assert.True(took < s_limits.Whole + TimeSpan.FromSeconds(4), $"{took}");
        Assert.True(grown < 64 << 20, $"{grown} bytes"); // other tests of this process allocate meanwhile; who keeps all that is sent in that time has gigabytes
        Assert.All(result.Seen ?? "", static letter => Assert.InRange(letter, ' ', '~'));
        Assert.True(result.Service is null or { Name: "tls" }, result.Sentence);
    }

    [Fact]
    public async Task Many_ports_are_asked_at_once_and_cancelled_at_once()
    {
        using CancellationTokenSource end = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Serve(listener, "silent", end.Token);
        IdentifyTarget target = new(IPAddress.Loopback, Protocol.Tcp, ((IPEndPoint)listener.LocalEndpoint).Port);
        List<IdentifyTarget> targets = [];
        for (int at = 0; at < 40; at++)
        {
            targets.Add(target);
        }

        using CancellationTokenSource cancel = new(TimeSpan.FromSeconds(1));
        Stopwatch watch = Stopwatch.StartNew();
        Assert.All(await Identifier.Identify(targets, new IdentifyOptions(), null, cancel.Token), Assert.Null);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
        await end.CancelAsync();
        await serving;
    }

    private static async Task Serve(TcpListener listener, string kind, CancellationToken end)
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                clients.Add(Harm(await listener.AcceptSocketAsync(end), kind, end));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private static async Task Harm(Socket socket, string kind, CancellationToken end)
    {
        using Socket client = socket;
        byte[] heard = new byte[4096];
        try
        {
            switch (kind)
            {
                case "endless":
                    await Flood(client, end);
                    break;
                case "slow":
                    while (true)
                    {
                        await client.SendAsync("z"u8.ToArray(), end);
                        await Task.Delay(1000, end);
                    }

                case "escapes":
                    await client.SendAsync(Encoding.UTF8.GetBytes("\u001b[2J\u001b]0;owned\u0007\u202egnp.exe\u0085\u009b31m\r\n"), end);
                    await Task.Delay(Timeout.Infinite, end);
                    break;
                case "resets":
                    client.LingerState = new LingerOption(true, 0);
                    break;
                case "hanging handshake":
                    // It says that it speaks TLS, and then nothing more.
                    int length = await client.ReceiveAsync(heard, end);
                    if (length > 0 && heard[0] == 22)
                    {
                        await client.SendAsync((byte[])[22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3, .. new byte[32], 0, 0xc0, 0x2f, 0, 0, 6, 0, 0x17, 0, 2, 0, 0], end);
                    }

                    await Task.Delay(Timeout.Infinite, end);
                    break;
                case "silent":
                    await Task.Delay(Timeout.Infinite, end);
                    break;
                case "flood after question":
                    await client.ReceiveAsync(heard, end);
                    await Flood(client, end);
                    break;
            }
        }
        catch (Exception trouble) when (trouble is OperationCanceledException or SocketException)
        {
            // It was left alone.
        }
    }

    private static async Task Flood(Socket client, CancellationToken end)
    {
        byte[] much = Encoding.ASCII.GetBytes(new string('z', 65536));
        while (true)
        {
            await client.SendAsync(much, end);
        }
    }
}
