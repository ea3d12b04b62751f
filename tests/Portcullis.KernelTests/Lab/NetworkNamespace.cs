using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.KernelTests.Lab;

/// <summary>
/// A network namespace with a name under /run/netns, as "ip netns add" makes it: ports, interfaces and firewall of its own.
/// Disposing removes the name; the namespace lives on while a process or socket is in it.
/// </summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const int CLONE_NEWNET = 0x40000000; // include/uapi/linux/sched.h
    private const string Prefix = "pct";
    private static int s_count;

    private readonly bool _ours;

    private NetworkNamespace(string name, bool ours)
    {
        Name = name;
        _ours = ours;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The file that stands for it (setns(2)).</summary>
    public string Path => $"/run/netns/{Name}";

    /// <summary>Makes one with loopback up. The name tells whose it is, so that what a killed run left can be removed.</summary>
    public static async Task<NetworkNamespace> Create()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        (await Command.Run("ip", "netns", "add", name)).MustSucceed();
        NetworkNamespace made = new(name, ours: true);
        (await Command.Run("ip", "-n", name, "link", "set", "lo", "up")).MustSucceed();
        return made;
    }

    /// <summary>One that somebody else made and removes.</summary>
    public static NetworkNamespace Existing(string name) => new(name, ours: false);

    /// <summary>Runs a command in it. Its view of /sys and of mounts is its own too (ip-netns(8)).</summary>
    public Task<CommandResult> Run(string command, params string[] arguments) =>
        Command.Run("ip", (IReadOnlyList<string>)["netns", "exec", Name, command, .. arguments], Command.UsualLimit);

    /// <summary>Runs the program that the tests were built with in it.</summary>
    public Task<CommandResult> Portcullis(params string[] arguments) => Run("dotnet", [System.IO.Path.Combine(LabFiles.Program, "portcullis.dll"), .. arguments]);

    /// <summary>Loads an nft script in it.</summary>
    public async Task Load(string script)
    {
        string file = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script);
            (await Run("nft", "-f", file)).MustSucceed();
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// Runs code in it, on a thread of its own that ends with the code: a thread that moved never serves others. Sockets made
    /// there stay in the namespace wherever they are used later.
    /// </summary>
    /// <remarks>
    /// Only what the code itself does on this thread happens inside: asynchronous connects and name look-ups would not.
    /// /proc/net and /proc/self/net belong to the process's first thread; /proc/thread-self/net is the one of the namespace.
    /// </remarks>
    public T Do<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? trouble = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter();
                result = work();
            }
            catch (Exception caught)
            {
                trouble = ExceptionDispatchInfo.Capture(caught);
            }
        })
        {
            IsBackground = true,
            Name = $"in {Name}",
        };
        thread.Start();
        thread.Join();
        trouble?.Throw();
        return result!;
    }

    /// <inheritdoc cref="Do{T}(Func{T})"/>
    public void Do(Action work) => Do(() =>
    {
        work();
        return true;
    });

    /// <summary>Removes its name.</summary>
    public void Dispose()
    {
        if (_ours)
        {
            Command.Run("ip", "netns", "delete", Name).GetAwaiter().GetResult();
        }
    }

    private void Enter()
    {
        using SafeFileHandle file = File.OpenHandle(Path);
        if (SetNamespace(file, CLONE_NEWNET) != 0)
        {
            throw new LabException($"setns({Path}) failed with error {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle file, int type);
}
