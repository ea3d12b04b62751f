using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>Rulesets from files, judged in a namespace that has others in force.</summary>
public sealed class GivenRulesetTests : IAsyncLifetime
{
    private const string InForce = "table inet live { chain in { type filter hook input priority 0; policy drop; }; }";
    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-test-").FullName;
    private Network _network = null!;

    public async ValueTask InitializeAsync()
    {
        _network = await Network.Create();
        foreach (string line in (string[])["link add eth0 index 70 type bridge", "addr add 203.0.113.7/24 dev eth0", "addr add 2001:db8::7/64 dev eth0 nodad", "link set eth0 up"])
        {
            (await _network.Run("ip", line.Split(' '))).MustSucceed();
        }

        (await _network.Run("nft", InForce)).MustSucceed();
    }

    public ValueTask DisposeAsync()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("nft", "nft -f", "nft list ruleset")]
    [InlineData("json", "nft -f", "nft -j list ruleset")]
    public async Task What_a_tool_lists_gives_the_answers_of_the_rules_in_force(string name, string load, string list)
    {
        const string Rules = """
            table inet f {
              map ports { type inet_service : verdict; flags interval; elements = { 22 : accept, 80 : goto web, 9000-9010 : drop } }
              set admins { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1 } }
              chain web {
                ip saddr @admins accept
                meta nfproto ipv6 accept
              }
              chain in {
                type filter hook input priority 0; policy drop;
                iif "eth0" tcp dport vmap @ports
                iifname "eth0" udp dport { 53, 123 } accept
              }
            }
            """;
        using Network other = await Network.Create();
        foreach (string line in (string[])["link add eth0 index 70 type bridge", "addr add 203.0.113.7/24 dev eth0", "addr add 2001:db8::7/64 dev eth0 nodad", "link set eth0 up"])
        {
            (await other.Run("ip", line.Split(' '))).MustSucceed();
        }

        string script = Write("source", Rules);
        (await other.Run(load.Split(' ')[0], [.. load.Split(' ')[1..], script])).MustSucceed();
        string listed = (await other.Run(list.Split(' ')[0], list.Split(' ')[1..])).MustSucceed();

        CommandResult live = await Portcullis(other, "reach", "--json");
        CommandResult given = await Portcullis(_network, "reach", "--json", "--ruleset", Write($"listed.{name}", listed));

        Assert.Equal((0, 0), (live.ExitCode, given.ExitCode));
        Assert.Equal(Answers(live.Output), Answers(given.Output));
        Assert.Contains("vmap", given.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saves_of_both_iptables_are_read_from_one_file_and_nothing_in_force_is_touched()
    {
        string before = (await _network.Run("nft", "-a", "list", "ruleset")).MustSucceed();
        string file = Write("both", await File.ReadAllTextAsync(Source("xt.iptables"), TestContext.Current.CancellationToken)
            + "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 2001:db8::/32 -p tcp -m tcp --dport 2222 -j ACCEPT\nCOMMIT\n");

        CommandResult given = await Portcullis(_network, "reach", "--json", "2222/tcp", "--from", "2001:db8::1", "--ruleset", file);

        JsonElement answer = Assert.Single(JsonDocument.Parse(given.Output).RootElement.GetProperty("answers").EnumerateArray());
        Assert.Equal(("reachable", "ipv6"), (answer.GetProperty("verdict").GetString(), answer.GetProperty("family").GetString()));
        Assert.StartsWith("ip6 filter INPUT handle", answer.GetProperty("by").GetString(), StringComparison.Ordinal);
        Assert.Contains("is judged with the addresses, interfaces and routes of this machine", given.Error, StringComparison.Ordinal);
        Assert.Equal(before, (await _network.Run("nft", "-a", "list", "ruleset")).MustSucceed());
    }

    [Fact]
    public async Task Included_files_are_found_beside_the_script_and_errors_name_their_place()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "parts"));
        string script = Write("main.nft", "#!/usr/sbin/nft -f\nflush ruleset\ninclude \"./parts/one.nft\"\ninclude \"parts/two.nft\"\n");
        Write("parts/one.nft", "define WEB = 8080\n");
        Write("parts/two.nft", "table inet t {\n chain c { type filter hook input priority 0; policy drop;\n  iif eth0 tcp dport $WEB accept\n }\n}\n");

        CommandResult right = await Portcullis(_network, "reach", "8080/tcp", "--json", "--ruleset", script);
        Write("parts/two.nft", "table inet t {\n chain c { type filter hook input priority 0; policy drop;\n  iif eth0 tcp dport $WEB acept\n }\n}\n");
        CommandResult wrong = await Portcullis(_network, "reach", "8080/tcp", "--ruleset", script);

        Assert.All(Answers(right.Output), answer => Assert.Contains("\"reachable\"", answer, StringComparison.Ordinal));
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Matches("^portcullis: .*two.nft:3:\\d+: syntax error[^\n]*\n$", wrong.Error);
    }

    [Theory]
    [InlineData("table inet t {\n chain c {\n  tcp dport 22 acccept\n }\n}\n", ":3:\\d+: syntax error")]
    [InlineData("*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m nosuch -j ACCEPT\nCOMMIT\n", ":3: Couldn't load match")]
    [InlineData("{\"nftables\": [{\"table\": {\"family\": \"inetx\", \"name\": \"t\"}}]}", ": Unknown family 'inetx'")]
    [InlineData("{\"nftables\": [", ": is broken JSON")]
    public async Task What_the_tool_refuses_is_one_line_with_its_place(string text, string error)
    {
        CommandResult refused = await Portcullis(_network, "reach", "--ruleset", Write("wrong", text));

        Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
        Assert.Matches($"^portcullis: .*wrong{error}[^\n]*\n$", refused.Error);
    }

    [Fact]
    public async Task Tool_that_waits_for_ever_ends_with_the_program_that_is_killed()
    {
        string fifo = Path.Combine(_folder, "fifo");
        (await Command.Run("mkfifo", fifo)).MustSucceed();
        using Process program = Command.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "portcullis.dll"), "reach", "--ruleset", Write("waits.nft", $"include \"{fifo}\"\n")]);
        int tool = 0;
        Assert.True(await Comes(() => (tool = Children(program.Id).FirstOrDefault()) != 0));
        Assert.NotEqual(new FileInfo("/proc/self/ns/net").LinkTarget, new FileInfo($"/proc/{tool}/ns/net").LinkTarget);

        program.Kill();

        Assert.True(await Comes(() => !Directory.Exists($"/proc/{tool}")));
    }

    private static async Task<bool> Comes(Func<bool> what)
    {
        for (int attempt = 0; attempt < 1000 && !what(); attempt++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return what();
    }

    /// <summary>The tools that a program has started; threads and processes come and go meanwhile.</summary>
    private static int[] Children(int pid)
    {
        try
        {
            return
            [
                .. Directory.GetDirectories($"/proc/{pid}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Where(child => File.ReadAllText($"/proc/{child}/comm").Trim() == "nft"),
            ];
        }
        catch (IOException)
        {
            return [];
        }
    }

    [Fact]
    public async Task Whoever_is_not_root_is_told_what_helps_and_it_does()
    {
        string script = Write("r.nft", "table inet t { chain c { type filter hook input priority 0; policy drop; tcp dport 22 accept; }\n}\n");
        (await Command.Run("chmod", "755", _folder)).MustSucceed();
        string program = Path.Combine(AppContext.BaseDirectory, "portcullis.dll");
        string[] nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

        CommandResult refused = await _network.Run("setpriv", [.. nobody, "dotnet", program, "reach", "22/tcp", "--json", "--ruleset", script]);
        CommandResult helped = await _network.Run("setpriv", [.. nobody, "unshare", "-r", "dotnet", program, "reach", "22/tcp", "--json", "--ruleset", script]);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("takes root: run with sudo, or: unshare -r portcullis reach --ruleset FILE", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, helped.ExitCode);
        Assert.Equal(2, Answers(helped.Output).Count(answer => answer.Contains("\"reachable\"", StringComparison.Ordinal)));
    }

    /// <summary>The answers without the handles, which are new wherever rules are loaded.</summary>
    private static string[] Answers(string json) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty("answers").EnumerateArray().Select(answer => string.Join(' ', answer.EnumerateObject().Select(Value)))];

    private static string Value(JsonProperty one)
    {
        string text = one.Value.GetRawText();
        return one.Name == "by" ? text[(text.IndexOf(": ", StringComparison.Ordinal) + 1)..] : text;
    }

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static Task<CommandResult> Portcullis(Network network, params string[] arguments) =>
        network.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "portcullis.dll"), .. arguments]);

    private static string Source(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Portcullis.Tests", "Wire", "Nft", "fixtures", name));
}
