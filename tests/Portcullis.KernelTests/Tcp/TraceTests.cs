using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Tcp;

/// <summary>The program traces real ports, and leaves nothing behind.</summary>
public sealed class TraceTests
{
    private const string Rules = """
        table inet t {
          chain in {
            type filter hook input priority 0;
            tcp dport 81 drop
            tcp dport 82 reject with icmpx admin-prohibited
            tcp flags rst counter name resets
          }
          counter resets { }
        }
        """;

    [Theory]
    [InlineData("7", "open", 0)]
    [InlineData("80", "closed", 0)]
    [InlineData("82", "rejected", 0)]
    public async Task State_of_a_port_is_told(string port, string expected, int code)
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        using EchoServer echo = new(hosts.Server, 7);
        await hosts.Server.Load(Rules);
        CommandResult result = await hosts.Client.Portcullis("trace", $"10.93.0.2:{port}", "--i-own-this", "--json");
        Assert.Equal((code, expected), (result.ExitCode, JsonDocument.Parse(result.Output).RootElement.GetProperty("state").GetString()));
        Assert.Equal("", (await hosts.Client.Run("nft", "list", "ruleset")).Output);
        if (expected == "open")
        {
            Assert.Contains("packets 0 ", (await hosts.Server.Run("nft", "list", "counters")).Output, StringComparison.Ordinal); // the kernel never reset it
        }
    }

    [Fact]
    public async Task Silence_is_told_with_its_probes_at_their_real_time()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        await hosts.Server.Load(Rules);
        CommandResult result = await hosts.Client.Portcullis("trace", "10.93.0.2:81", "--i-own-this", "--json");
        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal("filtered", root.GetProperty("state").GetString());
        JsonElement[] packets = [.. root.GetProperty("packets").EnumerateArray()];
        Assert.Equal([false, true, true, true], packets.Select(static packet => packet.GetProperty("resend").GetBoolean()));
        Assert.Equal([0, 1, 3, 7], packets.Select(static packet => (int)Math.Round(packet.GetProperty("atMs").GetDouble() / 1000)));
        Assert.Contains("4 probes", root.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_and_answer_are_shown_and_tshark_reads_the_capture()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        using EchoServer echo = new(hosts.Server, 7);
        string file = Path.Combine(Path.GetTempPath(), $"portcullis-{Guid.NewGuid():N}.pcapng");
        try
        {
            CommandResult result = await hosts.Client.Portcullis("trace", "10.93.0.2:7", "--i-own-this", "--request", "hello\\r\\n", "--pcap", file, "--json");
            JsonElement root = JsonDocument.Parse(result.MustSucceed()).RootElement;
            Assert.Equal("hello\r\n"u8.ToArray(), root.GetProperty("data").GetBytesFromBase64());
            string read = (await Command.Run("tshark", "-r", file, "-o", "tcp.check_checksum:TRUE", "-T", "fields", "-e", "tcp.seq_raw", "-e", "tcp.checksum.status")).MustSucceed();
            string[] rows = read.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(root.GetProperty("packets").EnumerateArray().Select(static packet => $"{packet.GetProperty("seq").GetUInt32()}\t1"), rows);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("6379", "PING\r\n", "Asked: the first question of redis, usual on port 6379; it changes nothing there.")]
    [InlineData("22", "", "Nothing was asked: ssh, usual on port 22, speaks first.")]
    public async Task Question_that_fits_the_port_is_asked_and_none_where_the_service_speaks_first(string port, string data, string reason)
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        using EchoServer echo = new(hosts.Server, int.Parse(port, CultureInfo.InvariantCulture));
        CommandResult result = await hosts.Client.Portcullis("trace", $"10.93.0.2:{port}", "--i-own-this", "--request", "auto", "--json");
        JsonElement root = JsonDocument.Parse(result.MustSucceed()).RootElement;
        Assert.Equal((data, reason), (Encoding.ASCII.GetString(root.GetProperty("data").GetBytesFromBase64()), root.GetProperty("requestReason").GetString()));
    }

    [Fact]
    public async Task Trace_that_is_killed_leaves_nothing_and_the_kernel_resets_then()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        using EchoServer echo = new(hosts.Server, 7);
        await hosts.Server.Load(Rules);
        using Process trace = Command.Start("ip", ["netns", "exec", hosts.Client.Name, "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "trace", "10.93.0.2:7", "--i-own-this", "--request", "x"]);
        await Until(async () => (await hosts.Server.Run("ss", "-Htn", "state", "established")).Output.Contains("10.93.0.1", StringComparison.Ordinal), "the connection never stood");
        Assert.Contains("portcullis-trace-", (await hosts.Client.Run("nft", "list", "ruleset")).Output, StringComparison.Ordinal);
        trace.Kill(); // SIGKILL, to the program itself: ip has become it
        await trace.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Until(async () => (await hosts.Client.Run("nft", "list", "ruleset")).Output.Length == 0, "the table outlived the program");
        Assert.Equal("", (await hosts.Client.Run("ss", "-Hant")).Output);
    }

    [Fact]
    public async Task Interrupt_ends_it_though_nobody_reads_its_answer()
    {
        using CabledHosts hosts = await CabledHosts.Create(new LinkFaults());
        string pipe = Path.Combine(Path.GetTempPath(), $"portcullis-{Guid.NewGuid():N}.fifo");
        (await Command.Run("mkfifo", pipe)).MustSucceed();
        using Process trace = Command.Start("ip", ["netns", "exec", hosts.Client.Name, "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "trace", "10.93.0.2:80", "--i-own-this", "-o", pipe]);
        try
        {
            await Until(() => Task.FromResult(File.ReadAllText($"/proc/{trace.Id}/comm") != "ip\n"), "ip never became the program");
            await Until(async () =>
            {
                await Task.Delay(500);
                return trace.HasExited || (await Command.Run("kill", "-INT", trace.Id.ToString(CultureInfo.InvariantCulture))).ExitCode != 0;
            }, "it heard no interrupt");
        }
        finally
        {
            if (!trace.HasExited)
            {
                trace.Kill();
            }

            File.Delete(pipe);
        }
    }

    [Fact]
    public async Task Host_of_somebody_else_is_not_traced()
    {
        using Network alone = await Network.Create();
        CommandResult result = await alone.Portcullis("trace", "192.0.2.1:22");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--i-own-this", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:7")]
    [InlineData("localhost:7")]
    public async Task This_machine_itself_is_traced_too(string target)
    {
        using Network alone = await Network.Create();
        using EchoServer echo = new(alone, 7);
        CommandResult result = await alone.Portcullis("trace", target, "--request", "hello", "--json");
        JsonElement root = JsonDocument.Parse(result.MustSucceed()).RootElement;
        Assert.Equal("hello"u8.ToArray(), root.GetProperty("data").GetBytesFromBase64());
    }

    private static async Task Until(Func<Task<bool>> isSo, string otherwise)
    {
        for (int attempt = 0; !await isSo(); attempt++)
        {
            _ = attempt < 200 ? "" : throw new LabException(otherwise);
            await Task.Delay(25);
        }
    }
}
