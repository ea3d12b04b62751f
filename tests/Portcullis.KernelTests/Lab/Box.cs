using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Portcullis.KernelTests.Lab;

/// <summary>
/// A real Debian server with systemd, booted for the tests in namespaces of its own: a read-only image below a throw-away
/// overlay. Portcullis is at /opt/portcullis in it. The script tests/lab/box does the work and takes the server down as soon
/// as our end of its standard input is closed, which the kernel also does for a test process that is killed.
/// </summary>
public sealed class Box : IAsyncDisposable
{
    /// <summary>The server's addresses, as its client sees them.</summary>
    public const string Address4 = "10.77.0.2";

    /// <inheritdoc cref="Address4"/>
    public const string Address6 = "fd77::2";

    /// <summary>Portcullis, inside.</summary>
    public const string Portcullis = "/opt/portcullis/portcullis";

    private static readonly TimeSpan s_bootLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(20);
    private static readonly string s_script = Path.Combine(LabFiles.Scripts, "box");
    private static int s_count;

    private readonly Process _script;
    private readonly Task<string> _errors;
    private readonly string[] _enter;

    private Box(string name, Process script, Task<string> errors, string leader, string state)
    {
        Name = name;
        State = state;
        _script = script;
        _errors = errors;
        _enter = ["--target", leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd", "--",
            "/usr/bin/env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive", "DOTNET_ROOT=/usr/share/dotnet"];
    }

    /// <summary>Its name in the lab; "tests/lab/box in NAME bash" looks inside while it runs.</summary>
    public string Name { get; }

    /// <summary>What systemctl is-system-running said at the end of the boot: "running" or "degraded".</summary>
    public string State { get; }

    /// <summary>Boots a server and waits for the end of its boot.</summary>
    public static async Task<Box> Boot(Suite suite) => await Boot(await LabFiles.Image(suite));

    /// <summary>The same from any image with systemd.</summary>
    public static async Task<Box> Boot(string image)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"pcb{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        Process script = Command.Start(s_script, ["run", name, image,
            .. Bind(LabFiles.DotnetRoot, "/usr/share/dotnet"), .. Bind(LabFiles.Program, "/opt/portcullis"), .. Bind(LabFiles.Scripts, "/opt/lab")]);
        Task<string> errors = script.StandardError.ReadToEndAsync();
        try
        {
            string? line = await script.StandardOutput.ReadLineAsync().WaitAsync(s_bootLimit);
            return line?.Split(' ') is ["ready", string leader, string state]
                ? new Box(name, script, errors, leader, state)
                : throw new LabException($"the server from {image} did not boot: {(await errors.WaitAsync(s_stopLimit)).Trim()}");
        }
        catch (Exception trouble) when (trouble is TimeoutException or LabException)
        {
            await Stop(script);
            throw trouble as LabException ?? new LabException($"the server from {image} did not boot within {s_bootLimit.TotalSeconds} s");
        }
    }

    /// <summary>Runs a command as root inside.</summary>
    public Task<CommandResult> Run(string command, params string[] arguments) => Run(Command.UsualLimit, command, arguments);

    /// <inheritdoc cref="Run(string, string[])"/>
    public Task<CommandResult> Run(TimeSpan limit, string command, params string[] arguments) =>
        Command.Run($"{Name}: {command} {string.Join(' ', arguments)}", "nsenter", [.. _enter, command, .. arguments], limit);

    /// <summary>Runs a command of the machine the tests run on in the client's network: the outside world.</summary>
    public Task<CommandResult> FromClient(string command, params string[] arguments) => Client.Run(command, arguments);

    /// <summary>The client's network; the server is its only neighbour.</summary>
    public NetworkNamespace Client => NetworkNamespace.Existing($"{Name}-cli");

    /// <summary>Takes the server down and waits until nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await Stop(_script);
        string said = (await _errors).Trim();
        _script.Dispose();
        if (said.Length > 0)
        {
            throw new LabException($"the server {Name} said: {said}");
        }
    }

    private static async Task Stop(Process script)
    {
        script.StandardInput.Close();
        try
        {
            await script.WaitForExitAsync().WaitAsync(s_stopLimit);
        }
        catch (TimeoutException)
        {
            script.Kill(entireProcessTree: true);
            (await Command.Run(s_script, "sweep")).MustSucceed();
        }
    }

    // A colon separates source and target for systemd-nspawn.
    private static string[] Bind(string source, string target) =>
        [$"--bind-ro={source.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}:{target}"];
}
